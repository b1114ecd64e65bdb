/** How many processes the kernel has ended for want of memory, in our control group or on the machine. Host, I/O. */
import { readFileSync } from "node:fs";

/** A reading this old is from before a kill that is being looked into now. */
const SETTLED_MS = 1_000;

export interface OomWatch {
  /** Takes a reading; cheap enough for once a second. */
  look(): void;
  /** Whether the counters have risen since the last reading that is surely from before. */
  risen(): boolean;
}

export function oomWatch(): OomWatch {
  let older = { at: performance.now(), count: countOomKills() };
  let newer = older;
  return {
    look: () => {
      if (performance.now() - newer.at < SETTLED_MS) return;
      older = newer;
      newer = { at: performance.now(), count: countOomKills() };
    },
    risen: () => countOomKills() > older.count,
  };
}

/** Sum of what the control group (version 2 or 1) and the machine have counted; 0 where nothing can be read. */
function countOomKills(): number {
  const counts = [...counterFiles(), "/proc/vmstat"].map((path) => {
    const found = /^oom_kill (\d+)$/m.exec(read(path));
    return found === null ? 0 : Number(found[1]);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

let knownFiles: readonly string[] | null = null;

function counterFiles(): readonly string[] {
  knownFiles ??= read("/proc/self/cgroup")
    .split("\n")
    .flatMap((line) => {
      const [, controllers, ...rest] = line.split(":");
      const path = rest.join(":");
      if (controllers === "") return [`/sys/fs/cgroup${path}/memory.events`];
      if (controllers?.split(",").includes("memory")) {
        return [`/sys/fs/cgroup/memory${path}/memory.oom_control`];
      }
      return [];
    });
  return knownFiles;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
