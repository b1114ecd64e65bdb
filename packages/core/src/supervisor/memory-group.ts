/** A control group for each worker, where we may make some: a limit that the kernel keeps, and a count of whom it ended. Host, I/O; Linux. */
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { memoryGroups, type ControlGroup } from "../model/control-groups.ts";
import { parseCount } from "../model/kernel-figures.ts";
import { machineRoot } from "../model/machine-root.ts";
import { parentOf, startedAt } from "./process-state.ts";

export interface MemoryGroup {
  readonly path: string;
  /** More than this the kernel gives to nobody in it, swap included: it ends them. */
  limit(bytes: number): void;
  /** Pids of all processes in it, however far they detached themselves. */
  members(): readonly number[];
  /** How many processes of it the kernel has ended for want of memory, here or on the whole machine. */
  oomKills(): number;
  /** Kills whoever is left in it and removes it. */
  remove(): Promise<void>;
}

/** Null where control groups of version 1 or 2 with memory in them are not ours to make. */
export function makeMemoryGroup(homeId: string, label: string, owner: string): MemoryGroup | null {
  known ??= { parent: findParent() };
  const { parent } = known;
  if (parent === null) return null;
  try {
    const path = join(parent.path, `kc-${homeId}-${label}-${owner.replace(":", ".")}`);
    mkdirSync(path);
    return memoryGroup({ version: parent.version, path });
  } catch {
    return null;
  }
}

/** Removes what supervisors of this home that no longer live have left: groups of this very name, with whoever is still in them. */
export async function sweepMemoryGroups(homeId: string): Promise<void> {
  known ??= { parent: findParent() };
  const { parent } = known;
  if (parent === null) return;
  for (const name of list(parent.path)) {
    const [, pid, started] = name.startsWith(`kc-${homeId}-`)
      ? (/-(\d+)\.(\d+)$/.exec(name) ?? [])
      : [];
    if (pid === undefined || startedAt(Number(pid)) === started) continue;
    await memoryGroup({ version: parent.version, path: join(parent.path, name) }).remove();
  }
}

const FILES = {
  1: {
    limits: ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"],
    kills: "memory.oom_control",
  },
  2: { limits: ["memory.max"], kills: "memory.events" },
} as const;

const REMOVE_MS = 2_000;

function memoryGroup({ version, path }: ControlGroup): MemoryGroup {
  const { limits, kills } = FILES[version];
  const killsFile = join(path, kills);
  const members = () => read(join(path, "cgroup.procs")).split("\n").filter(Boolean).map(Number);
  return {
    path,
    limit: (bytes) => {
      for (const file of limits) write(join(path, file), String(bytes));
      if (version === 1) return;
      // What would go to swap is over the limit as well, and who is ended takes its programs with it.
      write(join(path, "memory.swap.max"), "0");
      write(join(path, "memory.oom.group"), "1");
    },
    members,
    oomKills: () => parseCount(read(killsFile), "oom_kill") ?? 0,
    remove: async () => {
      const deadline = performance.now() + REMOVE_MS;
      for (let waitMs = 1; performance.now() < deadline; waitMs = Math.min(100, waitMs * 2)) {
        for (const pid of members()) kill(pid);
        const gone = await rmdir(path).then(
          () => true,
          (error: { code?: string }) => error.code === "ENOENT",
        );
        if (gone) return;
        await delay(waitMs);
      }
    },
  };
}

/** Where workers' groups can be made, found out once: the answer does not change while we run. */
let known: { readonly parent: ControlGroup | null } | null = null;

function findParent(): ControlGroup | null {
  if (process.platform !== "linux" || machineRoot !== "") return null;
  const groups = memoryGroups(read("/proc/self/cgroup"), read("/proc/self/mountinfo"));
  const own = [1, 2].map((version) => groups.find((group) => group.version === version));
  return own.find((group) => group !== undefined && mayHoldGroups(group)) ?? null;
}

function mayHoldGroups(group: ControlGroup): boolean {
  try {
    accessSync(group.path, constants.W_OK);
    if (group.version === 1) return read(join(group.path, FILES[1].limits[0])) !== "";
    return shareMemory(group.path);
  } catch {
    return false;
  }
}

/**
 * In version 2 a group gives memory to groups below it only when no process is in itself. Where all of it is ours (a delegated scope or
 * service, a container), we move into a group beside our workers; where others are in it, it is not ours to arrange.
 */
function shareMemory(path: string): boolean {
  const words = (file: string) => read(join(path, file)).split(/\s+/);
  if (!words("cgroup.controllers").includes("memory")) return false;
  if (words("cgroup.subtree_control").includes("memory")) return true;
  const members = words("cgroup.procs").filter(Boolean).map(Number);
  const areOurs = members.every((pid) => pid === process.pid || parentOf(pid) === process.pid);
  if (!areOurs) return false;
  const inner = join(path, "kc-supervisor");
  mkdirSync(inner, { recursive: true });
  for (const pid of members) writeFileSync(join(inner, "cgroup.procs"), String(pid));
  writeFileSync(join(path, "cgroup.subtree_control"), "+memory");
  return true;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    // This kernel does not count that: sampling is there all the same.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
