/** Reads what the kernel says about a process. Host, I/O; everything is null where there is no /proc. */
import { readdirSync, readFileSync } from "node:fs";
import type { Scheduling } from "./hold.ts";

/** Whether a process runs, waits or is stopped; null when it is gone. */
export function schedulingOf(pid: number): Scheduling | null {
  const fields = statFields(pid);
  return fields === null ? null : { state: fields[0] ?? "", majorFaults: Number(fields[9]) };
}

/** Process group of a process, or null when it is gone. */
export function processGroup(pid: number): number | null {
  const group = statFields(pid)?.[2];
  return group === undefined ? null : Number(group);
}

/** Parent of a process, or null when it is gone. */
export function parentOf(pid: number): number | null {
  const parent = statFields(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}

/** When it was started, in the kernel's own ticks since the boot: with the pid it names a process for ever. Null when it is gone. */
export function startedAt(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** True also for one that has ended and was not collected by its parent. */
export function isGone(pid: number): boolean {
  const state = statFields(pid)?.[0];
  return state === undefined || state === "Z" || state === "X";
}

/** Resident memory in bytes, or null when the process is gone, or has given it all back because it is about to be. */
export function residentBytes(pid: number): number | null {
  const pages = Number(read(`/proc/${pid}/statm`)?.split(" ")[1] ?? 0);
  return pages === 0 ? null : pages * pageBytes();
}

/** Bytes it has written so far, to files, pipes and sockets, or null when that cannot be read. */
export function writtenBytes(pid: number): number | null {
  const bytes = /^wchar: (\d+)/m.exec(read(`/proc/${pid}/io`) ?? "")?.[1];
  return bytes === undefined ? null : Number(bytes);
}

/** Direct children; those whose parent thread has ended are missing. */
export function childrenOf(pid: number): number[] {
  return list(`/proc/${pid}/task`).flatMap(
    (thread) =>
      read(`/proc/${pid}/task/${thread}/children`)
        ?.split(" ")
        .filter((text) => text !== "")
        .map(Number) ?? [],
  );
}

/** All processes of the machine that we may see. */
export function allProcesses(): number[] {
  return list("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Fields of /proc/PID/stat behind the name, which may itself hold spaces and parentheses: state, parent, group, … */
function statFields(pid: number): string[] | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

let knownPageBytes: number | null = null;

/** From the kernel's auxiliary vector: 4 kB on x64, up to 64 kB on arm64. */
function pageBytes(): number {
  knownPageBytes ??= readPageBytes();
  return knownPageBytes;
}

function readPageBytes(): number {
  const AT_PAGESZ = 6n;
  try {
    const bytes = readFileSync("/proc/self/auxv");
    for (let at = 0; at + 16 <= bytes.length; at += 16) {
      if (bytes.readBigUInt64LE(at) === AT_PAGESZ) return Number(bytes.readBigUInt64LE(at + 8));
    }
  } catch {
    // Not Linux.
  }
  return 4096;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
