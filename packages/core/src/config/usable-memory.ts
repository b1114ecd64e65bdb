/** How much memory this process may use: the smallest limit of its control groups, else the machine's. Host, reads /proc and /sys. */
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { memoryGroups, type ControlGroup } from "../model/control-groups.ts";
import { parseBytes, parseMeminfo } from "../model/kernel-figures.ts";
import { machineRoot } from "../model/machine-root.ts";

/** Files in which a group says how much it may hold; over `memory.high` the kernel slows it down until it is below again. */
const LIMIT_FILES = {
  1: ["memory.limit_in_bytes"],
  2: ["memory.max", "memory.high"],
} as const;

/** Bytes. `root` is a folder with /proc and /sys in it, for tests. */
export function usableMemory(root: string = machineRoot): number {
  const machine = parseMeminfo(textOf(`${root}/proc/meminfo`))?.totalBytes ?? totalmem();
  const limits = ourMemoryGroups(root).flatMap((group) => groupLimit(root, group) ?? []);
  return Math.min(machine, ...limits);
}

/** Our control groups with memory in them, innermost first. */
export function ourMemoryGroups(root: string): readonly ControlGroup[] {
  return memoryGroups(textOf(`${root}/proc/self/cgroup`), textOf(`${root}/proc/self/mountinfo`));
}

/** Bytes, or null where the group has no limit. Zero would be one under which nothing could run at all. */
export function groupLimit(root: string, { version, path }: ControlGroup): number | null {
  const limits = LIMIT_FILES[version].flatMap((file) => {
    const bytes = parseBytes(textOf(`${root}${path}/${file}`));
    return bytes === null || bytes === 0 ? [] : [bytes];
  });
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Empty when it is not there. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
