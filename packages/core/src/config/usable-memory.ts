/** How much memory this process may use: its cgroup's limit where there is one, else the machine's. Host, reads /proc and /sys. */
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";

export interface MemoryPlaces {
  readonly procCgroup: string;
  readonly cgroupRoot: string;
  readonly machineBytes: number;
}

const here = (): MemoryPlaces => ({
  procCgroup: "/proc/self/cgroup",
  cgroupRoot: "/sys/fs/cgroup",
  machineBytes: totalmem(),
});

/** Bytes. The places are parameters only so that tests can bring their own. */
export function usableMemory(places: MemoryPlaces = here()): number {
  const limits = cgroupFiles(places).flatMap((file) => {
    const bytes = Number(read(file)?.trim());
    return Number.isFinite(bytes) && bytes > 0 ? [bytes] : [];
  });
  return Math.min(places.machineBytes, ...limits);
}

/** Limit files of our cgroup and of all above it: the smallest counts. */
function cgroupFiles({ procCgroup, cgroupRoot }: MemoryPlaces): string[] {
  const files: string[] = [];
  for (const line of (read(procCgroup) ?? "").split("\n")) {
    const [id, controllers, ...path] = line.split(":");
    if (id === "0" && controllers === "") {
      files.push(...upwards(cgroupRoot, path.join(":"), "memory.max"));
    } else if (controllers?.split(",").includes("memory") === true) {
      files.push(...upwards(join(cgroupRoot, "memory"), path.join(":"), "memory.limit_in_bytes"));
    }
  }
  return files;
}

function upwards(root: string, path: string, file: string): string[] {
  const files: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    files.push(join(root, at, file));
    if (at === "/" || at === "." || at === "") return files;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
