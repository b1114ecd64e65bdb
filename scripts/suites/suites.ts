/** The test suites in the order in which they run, cheapest first, so that a plain mistake shows early. Host, reads folders. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../setup/repo-root.ts";

export interface Suite {
  /** Folder below the repository, also its name. */
  readonly folder: string;
  readonly timeLimitMs: number;
}

/** Order of the packages by what builds on what; one that is not named here comes after these. */
const packageOrder = ["plugin-sdk", "core", "processor-audio", "processor-summarize"];

/** Suites that hold at least one test file. */
export function findSuites(root: string = repoRoot): Suite[] {
  const place = (name: string): number => {
    const at = packageOrder.indexOf(name);
    return at === -1 ? packageOrder.length : at;
  };
  const packages = readdirSync(join(root, "packages"))
    .toSorted((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) => ({ folder: `packages/${name}`, timeLimitMs: 150_000 }));
  return [
    ...packages,
    { folder: "examples", timeLimitMs: 60_000 },
    { folder: "scripts", timeLimitMs: 60_000 },
    { folder: "tests/integration", timeLimitMs: 180_000 },
    { folder: "tests/e2e", timeLimitMs: 240_000 },
    { folder: "tests/chaos", timeLimitMs: 240_000 },
  ].filter(({ folder }) => holdsTests(join(root, folder)));
}

function holdsTests(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const tests = new Bun.Glob("**/*.test.ts").scanSync({ cwd: folder });
  for (const path of tests) if (!path.includes("node_modules")) return true;
  return false;
}
