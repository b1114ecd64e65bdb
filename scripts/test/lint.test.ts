/** Every rule of the repository has a file here that breaks it, and one that does not. Host, runs the real linter. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repoRoot } from "../setup/repo-root.ts";

/** Folder, what its file says, and the rule that must catch it; null: nothing may complain. */
const cases: readonly (readonly [file: string, code: string, rule: string | null])[] = [
  ["packages/core/src/model/to-rpc.ts", imports("../rpc/port.ts"), "folder-ranks"],
  ["packages/core/src/model/own.ts", imports("./port.ts"), null],
  ["packages/core/src/config/to-model.ts", imports("../model/port.ts"), null],
  ["packages/core/src/config/to-rpc.ts", imports("../rpc/port.ts"), "folder-ranks"],
  ["packages/core/src/intake/to-ledger.ts", imports("../ledger/port.ts"), "folder-ranks"],
  ["packages/core/src/schedule/to-config.ts", importsType("../config/port.ts"), "folder-ranks"],
  ["packages/core/src/rpc/to-worker.ts", imports("../worker/port.ts"), "folder-ranks"],
  ["packages/core/src/analytics/deep/to-model.ts", imports("../../model/port.ts"), null],
  ["packages/core/src/analytics/deep/own.ts", imports("../port.ts"), null],
  ["packages/core/src/analytics/deep/up.ts", imports("../../run-job.ts"), "folder-ranks"],
  ["packages/core/src/supervisor/to-rpc.ts", imports("../rpc/port.ts"), null],
  ["packages/core/src/supervisor/config-type.ts", importsType("../config/port.ts"), null],
  ["packages/core/src/supervisor/to-config.ts", imports("../config/port.ts"), "folder-ranks"],
  ["packages/core/src/supervisor/to-ledger.ts", imports("../ledger/port.ts"), "folder-ranks"],
  ["packages/core/src/worker/to-rpc.ts", imports("../rpc/port.ts"), null],
  ["packages/core/src/worker/host.ts", imports("../supervisor/port.ts"), "folder-ranks"],
  ["packages/core/src/worker/late.ts", `await import("../ledger/port.ts");\n`, "folder-ranks"],
  ["packages/core/src/worker/again.ts", `export * from "../config/port.ts";\n`, "folder-ranks"],
  ["packages/core/src/ledger/to-schedule.ts", imports("../schedule/port.ts"), "folder-ranks"],
  ["packages/core/src/ledger/to-root.ts", imports("../run-job.ts"), "folder-ranks"],
  ["packages/core/src/commit/ledger-type.ts", importsType("../ledger/port.ts"), null],
  ["packages/core/src/commit/to-ledger.ts", imports("../ledger/port.ts"), "folder-ranks"],
  ["packages/core/src/engine/to-ledger.ts", imports("../ledger/port.ts"), null],
  ["packages/core/src/engine/to-control.ts", imports("../control/port.ts"), "folder-ranks"],
  ["packages/core/src/home.ts", imports("./control/port.ts"), "folder-ranks"],
  ["packages/core/src/control/to-root.ts", imports("../run-job.ts"), null],
  ["packages/core/src/control/to-index.ts", imports("../index.ts"), "folder-ranks"],
  ["packages/core/src/control/itself.ts", imports("@knowledge-chipper/core"), "folder-ranks"],
  ["packages/core/src/newcomer/here.ts", imports("../model/port.ts"), "folder-ranks"],
  ["packages/tui/src/panel.ts", `import "blessed";\n`, "no-restricted-imports"],
  ["packages/tui/src/charts.ts", `import "blessed-contrib";\n`, "no-restricted-imports"],
  ["packages/tui/src/screen/draw.ts", `import "blessed";\n`, null],
  ["packages/core/src/engine/round-a.ts", ring("a", "b"), "no-cycle"],
  ["packages/core/src/engine/round-b.ts", ring("b", "a"), "no-cycle"],
  ["packages/cli/src/default.ts", "export default 1;\n", "no-default-export"],
  ["packages/processor-moc/src/index.ts", "export default 1;\n", null],
  ["packages/processor-moc/src/other.ts", "export default 1;\n", "no-default-export"],
  ["examples/processors/mine.ts", "export default 1;\n", null],
  ["tests/fixtures/processors/hostile.ts", "export default 1;\n", null],
  ["packages/cli/src/any.ts", "export const x: any = 1;\n", "no-explicit-any"],
  ["packages/cli/src/floating.ts", `Promise.resolve(1);\n`, "no-floating-promises"],
  [
    "packages/cli/src/misused.ts",
    "export const x = [1].filter(async () => true);\n",
    "no-misused-promises",
  ],
  [
    "packages/cli/src/value-import.ts",
    `import { Port } from "../../core/src/model/types.ts";\nexport const x: Port = 1;\n`,
    "consistent-type-imports",
  ],
  [
    "packages/cli/src/switch.ts",
    `export function f(x: "a" | "b"): void {\n  switch (x) {\n    case "a":\n      return;\n  }\n}\n`,
    "switch-exhaustiveness-check",
  ],
];

const root = mkdtempSync(join(tmpdir(), "kc-lint-"));
const found = new Map<string, string[]>();

beforeAll(async () => {
  for (const name of [".oxlintrc.json", "tsconfig.json", "package.json"]) {
    cpSync(join(repoRoot, name), join(root, name));
  }
  cpSync(join(repoRoot, "scripts/lint"), join(root, "scripts/lint"), { recursive: true });
  symlinkSync(join(repoRoot, "node_modules"), join(root, "node_modules"));
  for (const folder of ["config", "control", "ledger", "model", "rpc", "schedule", "supervisor"]) {
    write(`packages/core/src/${folder}/port.ts`, "export const port = 1;\n");
  }
  for (const file of ["worker/port.ts", "analytics/port.ts", "run-job.ts", "index.ts"]) {
    write(`packages/core/src/${file}`, "export const port = 1;\n");
  }
  write("packages/core/src/model/types.ts", "export type Port = number;\n");
  for (const [file, code] of cases) write(file, code);

  const child = Bun.spawn(
    [
      process.execPath,
      join(repoRoot, "node_modules/oxlint/bin/oxlint"),
      "-f",
      "json",
      "packages",
      "examples",
      "tests",
    ],
    { cwd: root, stdout: "pipe", stderr: "pipe" },
  );
  const report = JSON.parse(await child.stdout.text()) as {
    diagnostics: { code: string; filename: string }[];
  };
  for (const { filename, code } of report.diagnostics) {
    found.set(filename, [...(found.get(filename) ?? []), code]);
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("the linter", () => {
  test.each(cases.filter(([, , rule]) => rule !== null))("refuses %s", (file, _code, rule) => {
    expect((found.get(file) ?? []).join(" ")).toContain(`(${rule})`);
  });

  test.each(cases.filter(([, , rule]) => rule === null))("has nothing against %s", (file) => {
    expect(found.get(file) ?? []).toEqual([]);
  });
});

function imports(from: string): string {
  return `import { port } from "${from}";\nexport const x = port;\n`;
}

function importsType(from: string): string {
  return `import type { port } from "${from}";\nexport type X = typeof port;\n`;
}

function ring(name: string, other: string): string {
  return `import { ${other} } from "./round-${other}.ts";\nexport const ${name} = (): unknown => ${other};\n`;
}

function write(file: string, code: string): void {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), code);
}
