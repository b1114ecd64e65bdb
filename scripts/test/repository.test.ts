/** What must stay true of the repository itself: exact versions, a lockfile for any registry, commands that are as written. Host. */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { repoRoot } from "../setup/repo-root.ts";

interface Manifest {
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly workspaces?: { readonly catalog: Readonly<Record<string, string>> };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = JSON.parse(read("package.json")) as Manifest;
const verifyCommand = `npx --yes ${root.packageManager} run verify`;

describe("the dependencies", () => {
  test("the lockfile names no address, so that it serves every registry", () => {
    expect(read("bun.lock")).not.toMatch(/https?:/);
  });

  test("every version in the catalog is exact", () => {
    const inexact = Object.entries(root.workspaces?.catalog ?? {}).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(inexact).toEqual([]);
  });

  test("every package takes its versions from the catalog or the workspace", () => {
    const stray = manifests().flatMap((file) => {
      const { dependencies, devDependencies, peerDependencies, optionalDependencies } = JSON.parse(
        read(file),
      ) as Manifest;
      return Object.entries({
        ...dependencies,
        ...devDependencies,
        ...peerDependencies,
        ...optionalDependencies,
      })
        .filter(([, version]) => version !== "catalog:" && version !== "workspace:*")
        .map(([name, version]) => `${file}: ${name} ${version}`);
    });
    expect(stray).toEqual([]);
  });
});

describe("the commands", () => {
  test("README names scripts that exist, started by the Bun that package.json asks for", () => {
    const readme = read("README.md");
    const named = [...readme.matchAll(/(npx --yes bun@(\S+)|bun) run ([\w:-]+)/g)];
    expect(named.length).toBeGreaterThan(3);
    for (const [, , version, script = ""] of named) {
      expect(Object.keys(root.scripts ?? {})).toContain(script);
      if (version !== undefined) expect(`bun@${version}`).toBe(root.packageManager ?? "");
    }
    expect(readme).toContain(verifyCommand);
    expect(readme).toContain(`npx --yes ${root.packageManager} run demo`);
  });

  test("scripts start files that exist", () => {
    for (const command of Object.values(root.scripts ?? {})) {
      const file = /^bun (\S+\.ts)/.exec(command)?.[1];
      if (file !== undefined) expect(statSync(join(repoRoot, file)).isFile()).toBe(true);
    }
  });

  test("the build machine runs README's command", () => {
    const lines = read(".ci/run").split("\n");
    expect(lines.filter((line) => line.includes("npx"))).toEqual([`${verifyCommand} </dev/null`]);
    expect(statSync(join(repoRoot, ".ci/run")).mode & 0o111).not.toBe(0);
  });
});

describe("the documents", () => {
  test.each(documents())("%s links to files that exist", (file) => {
    const links = [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target));
    const dead = links.filter((link) => !existsSync(join(repoRoot, dirname(file), link)));
    expect(dead).toEqual([]);
  });
});

function documents(): string[] {
  return files("*.md", "docs/*.md");
}

function manifests(): string[] {
  return files("package.json", "packages/*/package.json", "*/package.json");
}

function files(...patterns: string[]): string[] {
  return patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: repoRoot })]);
}

function read(file: string): string {
  return readFileSync(join(repoRoot, file), "utf8");
}
