/** What lies in an output folder, and what of ours is left where it should not be. I/O. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** sha256 of every file below a folder but the manifest, by relative path. */
export function outputsOf(folder: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name === ".kc-manifest.jsonl") continue;
    const path = join(entry.parentPath, entry.name);
    const hash = new Bun.CryptoHasher("sha256").update(readFileSync(path)).digest("hex");
    found.push([relative(folder, path), hash]);
  }
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Staged files and parts that nobody will ever publish. */
export function strayFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      ({ name, parentPath }) =>
        /\.part$|kc-conflict|kc-probe/.test(name) || parentPath.includes(".kc-staging-"),
    )
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name));
}

/** Pids of live processes started for the home at `home`. */
export function processesOf(homeId: string): number[] {
  const mark = `KC_ATTEMPT=${homeId}/`;
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "utf8");
      if (!environment.split("\0").some((entry) => entry.startsWith(mark))) return [];
      const state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
      readlinkSync(`/proc/${name}/exe`);
      return state === "Z" || state === "X" ? [] : [Number(name)];
    } catch {
      return [];
    }
  });
}
