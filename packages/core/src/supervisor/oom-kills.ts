/** Tells whether the kernel ended somebody for want of memory: exactly in a worker's own control group, else by counters of all. Host, I/O. */
import { readFileSync } from "node:fs";
import { memoryGroups } from "../model/control-groups.ts";
import { parseCount } from "../model/kernel-figures.ts";
import type { MemoryGroup } from "./memory-group.ts";

/** A reading this old is from before a kill that is being looked into now. */
const SETTLED_MS = 1_000;

export interface OomWatch {
  /** Takes a reading; cheap enough for once a second. */
  look(): void;
  /** Whether the kernel ended one of this worker's processes; null: nothing speaks for it, and nothing can say for sure. */
  hasKilled(): boolean | null;
}

/** @param group of the worker, or null: then a count of our whole group and the machine that rose lately is taken for it */
export function oomWatch(group: Pick<MemoryGroup, "oomKills"> | null): OomWatch {
  if (group !== null) return { look: () => {}, hasKilled: () => group.oomKills() > 0 };
  let older = { at: performance.now(), count: countOomKills() };
  let newer = older;
  return {
    look: () => {
      if (performance.now() - newer.at < SETTLED_MS) return;
      older = newer;
      newer = { at: performance.now(), count: countOomKills() };
    },
    hasKilled: () => (countOomKills() > older.count ? true : null),
  };
}

/** Sum of what our control group and the machine have counted; 0 where nothing can be read. */
function countOomKills(): number {
  const counts = [...counterFiles(), "/proc/vmstat"].map(
    (path) => parseCount(read(path), "oom_kill") ?? 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

let knownFiles: readonly string[] | null = null;

/** Of the innermost groups; those above them count the kills of others as well. */
function counterFiles(): readonly string[] {
  if (knownFiles !== null) return knownFiles;
  const groups = memoryGroups(read("/proc/self/cgroup"), read("/proc/self/mountinfo"));
  const innermost = ([1, 2] as const).flatMap(
    (version) => groups.find((group) => group.version === version) ?? [],
  );
  knownFiles = innermost.map(({ version, path }) =>
    version === 1 ? `${path}/memory.oom_control` : `${path}/memory.events`,
  );
  return knownFiles;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
