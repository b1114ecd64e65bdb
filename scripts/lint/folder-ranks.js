// The linter's rule for the folders of packages/core/src: who may import whom. Plain JavaScript, because the linter loads it itself; pure.
import { dirname, relative, resolve, sep } from "node:path";

/**
 * For each folder, the folders whose code it may import, and those of which it may see the types only. `.` stands for the files
 * beside run-job.ts, which tell the whole story; `control` looks at all of it from above. A folder that is not named here is an
 * error, so that a new one gets its rank on its first day.
 */
const ranks = {
  model: { code: [], types: [] },
  analytics: { code: ["model"], types: [] },
  config: { code: ["model"], types: [] },
  intake: { code: ["model"], types: [] },
  rpc: { code: ["model"], types: [] },
  schedule: { code: ["model"], types: [] },
  // The child's side: it must start fast and know nothing of the host.
  worker: { code: ["model", "rpc", "schedule"], types: [] },
  supervisor: { code: ["model", "rpc"], types: ["config"] },
  ledger: { code: ["model"], types: [] },
  commit: { code: ["model"], types: ["ledger"] },
};
const above = { plan: 1, engine: 1, ".": 1, diagnostics: 2, control: 2 };

const folderRanks = {
  create(context) {
    const core = coreOf(context.filename);
    if (core === null) return {};
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== "string") return;
      const message = judge(core, context.filename, source, isTypeOnly(node));
      if (message !== null) context.report({ node: node.source, message });
    };
    return {
      ImportDeclaration: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

function judge(core, filename, source, typeOnly) {
  if (source.startsWith("@knowledge-chipper/core"))
    return "Inside core, import the file itself, by a relative path.";
  if (!source.startsWith(".")) return null;
  const target = resolve(dirname(filename), source);
  const from = folderOf(core, filename);
  const to = folderOf(core, target);
  if (to === null || from === null || from === to) return null;
  if (from === "index") return null;
  if (to === "index") return "Nothing in core imports its index.ts: import the file itself.";
  if (from in above) {
    return (above[to] ?? 0) <= above[from] ? null : `${where(from)} may not know ${where(to)}.`;
  }
  if (!(from in ranks))
    return `${where(from)} has no rank yet: add it to scripts/lint/folder-ranks.js.`;
  const { code, types } = ranks[from];
  if (code.includes(to) || (typeOnly && types.includes(to))) return null;
  if (types.includes(to)) return `${where(from)} may see only the types of ${where(to)}.`;
  const allowed = [...code, ...types.map((name) => `the types of ${name}`)].join(", ");
  return `${where(from)} may not import ${where(to)}; of core it may know ${allowed || "nothing else"}.`;
}

/** `import type`, `export type`, `typeof import()`, or an import all of whose names are types. */
function isTypeOnly(node) {
  if (node.type === "TSImportType") return true;
  if (node.importKind === "type" || node.exportKind === "type") return true;
  const names = node.type === "ImportDeclaration" ? node.specifiers : [];
  return names.length > 0 && names.every((name) => name.importKind === "type");
}

function coreOf(filename) {
  const marker = ["packages", "core", "src", ""].join(sep);
  const at = filename.lastIndexOf(marker);
  return at === -1 ? null : filename.slice(0, at + marker.length - 1);
}

/** The first folder below packages/core/src; `.` for a file directly in it, `index` for its entries (index.ts, reading.ts), null outside. */
function folderOf(core, path) {
  const [first, ...rest] = relative(core, path).split(sep);
  if (first === undefined || first === "..") return null;
  if (rest.length > 0) return first;
  return first === "index.ts" || first === "reading.ts" ? "index" : ".";
}

function where(folder) {
  return folder === "." ? "core/src" : `core/src/${folder}`;
}

export default { meta: { name: "core" }, rules: { "folder-ranks": folderRanks } };
