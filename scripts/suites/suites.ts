/** The test suites in the order in which they run, cheapest first, so that a plain mistake shows early. Host, reads folders. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../setup/repo-root.ts";

export interface Suite {
  /** Folder below the repository, also its name. */
  readonly folder: string;
  readonly timeLimitMs: number;
}

/** By what builds on what; a folder that is not named here comes in its place by name. */
const packageOrder = ["plugin-sdk", "core", "processor-audio", "processor-summarize"];
/** From parts to the whole; one that is not named here comes first. */
const wholeOrder = ["integration", "e2e", "chaos"];

/** Suites that hold at least one test file. */
export function findSuites(root: string = repoRoot): Suite[] {
  const packages = folders(root, "packages").toSorted(
    (a, b) => place(packageOrder, a, 99) - place(packageOrder, b, 99) || a.localeCompare(b),
  );
  const wholes = folders(root, "tests").toSorted(
    (a, b) => place(wholeOrder, a, -1) - place(wholeOrder, b, -1) || a.localeCompare(b),
  );
  return [
    ...packages.map((name) => ({ folder: `packages/${name}`, timeLimitMs: 420_000 })),
    { folder: "examples", timeLimitMs: 60_000 },
    { folder: "scripts", timeLimitMs: 60_000 },
    ...wholes.map((name) => ({ folder: `tests/${name}`, timeLimitMs: 1_500_000 })),
  ].filter(({ folder }) => holdsTests(join(root, folder)));
}

function folders(root: string, below: string): string[] {
  if (!existsSync(join(root, below))) return [];
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => name);
}

function place(order: readonly string[], name: string, otherwise: number): number {
  const at = order.indexOf(name);
  return at === -1 ? otherwise : at;
}

function holdsTests(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const tests = new Bun.Glob("**/*.test.ts").scanSync({ cwd: folder });
  for (const path of tests) if (!path.includes("node_modules")) return true;
  return false;
}
