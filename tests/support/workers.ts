/** Finds the workers of a running `kc` in /proc, so that a test can kill the right one. I/O (Linux). */
import { readdirSync, readFileSync } from "node:fs";

/** Pids of the live workers whose parent is `pid`; inspectors and spares are none. */
export function workersOf(pid: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
      const mark = /KC_ATTEMPT=[^\0]*\/\d+(?:\0|$)/.exec(
        readFileSync(`/proc/${name}/environ`, "utf8"),
      );
      return Number(parent) === pid && mark !== null ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
