/** Reads the figures that the kernel writes as text: /proc/meminfo, pressure files, and lists of names and numbers. Shared, pure. */

/** Version 1 says "no limit" with the largest multiple of a page in 63 bits; pages have at most 64 kB. */
const NO_LIMIT = 2 ** 63 - 2 ** 17;

export interface MachineMemory {
  readonly totalBytes: number;
  /** What programs could get without swapping. */
  readonly availableBytes: number;
  readonly swapBytes: number;
  readonly swapFreeBytes: number;
}

/** /proc/meminfo; null when it is not that. */
export function parseMeminfo(text: string): MachineMemory | null {
  const bytesOf = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text);
    return found === null ? null : Number(found[1]) * 1024;
  };
  const totalBytes = bytesOf("MemTotal");
  if (totalBytes === null || totalBytes === 0) return null;
  // Kernels before 3.14 do not say what is available.
  const availableBytes =
    bytesOf("MemAvailable") ??
    (bytesOf("MemFree") ?? 0) + (bytesOf("Buffers") ?? 0) + (bytesOf("Cached") ?? 0);
  return {
    totalBytes,
    availableBytes: Math.min(totalBytes, availableBytes),
    swapBytes: bytesOf("SwapTotal") ?? 0,
    swapFreeBytes: bytesOf("SwapFree") ?? 0,
  };
}

/** Shares of the last 10 s in which tasks waited, 0 to 1. */
export interface Pressure {
  readonly some: number;
  readonly full: number;
}

/** A pressure file (PSI); null when it is none, or this kernel does not measure it. */
export function parsePressure(text: string): Pressure | null {
  const shareOf = (kind: "some" | "full"): number | null => {
    const found = new RegExp(`^${kind} avg10=(\\d+(?:\\.\\d+)?) `, "m").exec(text);
    return found === null ? null : Math.min(1, Number(found[1]) / 100);
  };
  const some = shareOf("some");
  return some === null ? null : { some, full: shareOf("full") ?? 0 };
}

/** A number behind a name, as in memory.stat, memory.events, memory.oom_control or /proc/vmstat; null when it is not there. */
export function parseCount(text: string, name: string): number | null {
  const found = new RegExp(`^${name} (\\d+)$`, "m").exec(text);
  return found === null ? null : Number(found[1]);
}

/** A file with one number of bytes; null for `max`, nothing, and version 1's way to say that there is no limit. */
export function parseBytes(text: string): number | null {
  if (!/^\d+\s*$/.test(text)) return null;
  const bytes = Number(text);
  return bytes < NO_LIMIT ? bytes : null;
}

/** In the kernel's ticks since the boot, all cores together. */
export interface CpuTimes {
  readonly busy: number;
  readonly all: number;
}

/** First line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user. */
export function parseCpuTimes(text: string): CpuTimes | null {
  const found = /^cpu +(\d.*)$/m.exec(text);
  if (found === null) return null;
  const ticks = (found[1] ?? "").split(" ").slice(0, 8).map(Number);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  const waiting = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: all - waiting, all };
}
