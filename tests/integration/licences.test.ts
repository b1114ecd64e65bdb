/** Walks what an installation brings and holds its licences against what we allow: nothing under the GPL, and each exception explained. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "../support/kc.ts";

const PERMISSIVE =
  /^\(?(0BSD|Apache-2\.0|Artistic-2\.0|BlueOak-1\.0\.0|BSD(-\dClause|-\d-Clause|\*)?|CC0-1\.0|CC-BY-(3|4)\.0|ISC|MIT(\/X11|-0)?|MPL-2\.0|Python-2\.0|Unlicense|W3C|WTFPL|Zlib)\)?$/;

/** What names no licence in its manifest, or the LGPL: such a library is used as it comes, in files of its own that can be replaced, as that licence asks. */
const EXPLAINED: Readonly<Record<string, string>> = {
  buffers: "names no licence; comes with the charts of the dashboard (blessed-contrib)",
  "event-stream": "MIT by its file LICENCE; comes with the charts of the dashboard",
  "png-js": "MIT by the head of png.js; comes with the charts of the dashboard",
  "term-canvas": "MIT by its Readme; comes with the charts of the dashboard",
  "mpg123-decoder": "MIT around libmpg123, which is LGPL-2.1: the built-in decoder for mp3",
};

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { type?: string };
  readonly licenses?: readonly { type?: string }[];
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

test("nothing that is installed for use is under the GPL, and every licence is known", () => {
  const found = productionTree();
  expect(found.size).toBeGreaterThan(50);
  const strange = [...found].filter(
    ([name, licence]) => !isPermissive(licence) && EXPLAINED[name] === undefined,
  );
  expect(strange).toEqual([]);
});

test("no explanation has outlived its library", () => {
  const found = productionTree();
  expect(Object.keys(EXPLAINED).filter((name) => !found.has(name))).toEqual([]);
});

/** A choice of licences is free where one of them is. */
function isPermissive(licence: string): boolean {
  return licence
    .split(/\s+OR\s+|\s*\|\|\s*/i)
    .some((each) =>
      each
        .split(/\s+AND\s+/i)
        .every((part) => PERMISSIVE.test(part.replace(/^\(+|\)+$/g, "").trim())),
    );
}

/** Names and licences of everything that the packages need to run, as it lies in node_modules. */
function productionTree(): Map<string, string> {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    const { name = folder } = manifest;
    if (!name.startsWith("@knowledge-chipper/")) found.set(name, licenceOf(manifest));
    const needed = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const dependency of Object.keys(needed)) {
      const at = locate(dependency, folder);
      // Optional parts for other systems are not here.
      if (at !== null) visit(realpathSync(at));
      else if (manifest.dependencies?.[dependency] !== undefined)
        throw new Error(`${dependency} of ${name} is not installed`);
    }
  };
  for (const each of readdirSync(join(repository, "packages")))
    visit(join(repository, "packages", each));
  return found;
}

function licenceOf({ license, licenses }: Manifest): string {
  if (typeof license === "string") return license;
  return license?.type ?? licenses?.map(({ type }) => type).join(" OR ") ?? "none named";
}

function locate(dependency: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const at = join(folder, "node_modules", dependency);
    if (existsSync(join(at, "package.json"))) return at;
    if (folder === dirname(folder)) return null;
  }
}
