/** Time since the machine started without the time that it was suspended, comparable between processes of one boot. Host, I/O. */
import { readFileSync } from "node:fs";

export interface AwakeTime {
  /** Another one after each start of the machine. */
  readonly boot: string;
  readonly ms: number;
}

/** CLOCK_MONOTONIC of Linux, which stands still while the machine sleeps. */
const CLOCK_MONOTONIC = 1;

/** Null where the system does not tell (not Linux). */
export async function awakeTime(): Promise<AwakeTime | null> {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const { dlopen, FFIType, ptr } = await import("bun:ffi");
    const { symbols, close } = dlopen("libc.so.6", {
      clock_gettime: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.i32 },
    });
    const time = new BigInt64Array(2);
    const failed = symbols.clock_gettime(CLOCK_MONOTONIC, ptr(time));
    close();
    if (failed !== 0) return null;
    return { boot, ms: Number(time[0] ?? 0n) * 1_000 + Number(time[1] ?? 0n) / 1e6 };
  } catch {
    return null;
  }
}
