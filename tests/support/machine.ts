/** A machine of a test's own: the kernel's files about memory, rewritten while the program runs. I/O. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Workspace } from "./workspace.ts";

const KIB = 1024;
const TOTAL_KIB = 8 * KIB * KIB;

export interface Machine {
  /** For `machine` of `startKc`. */
  readonly root: string;
  /** So many percent of 8 GiB are in use. */
  use(percent: number): void;
  /** So many percent of 1 GiB of swap are in use. */
  swap(percent: number): void;
  /** All programs waited for memory for so many percent of the last 10 s. */
  stall(percent: number): void;
}

export function machineIn(space: Workspace): Machine {
  const root = space.at("machine");
  let used = 10;
  let swapped = 0;
  const write = (file: string, text: string) => {
    const path = `${root}${file}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const writeMeminfo = () => {
    const free = Math.round(TOTAL_KIB * (1 - used / 100));
    const swapFree = Math.round(KIB * KIB * (1 - swapped / 100));
    write(
      "/proc/meminfo",
      `MemTotal: ${TOTAL_KIB} kB\nMemFree: ${free} kB\nMemAvailable: ${free} kB\nSwapTotal: ${KIB * KIB} kB\nSwapFree: ${swapFree} kB\n`,
    );
  };
  const machine: Machine = {
    root,
    use(percent) {
      used = percent;
      writeMeminfo();
    },
    swap(percent) {
      swapped = percent;
      writeMeminfo();
    },
    stall(percent) {
      const line = `avg10=${percent.toFixed(2)} avg60=0.00 avg300=0.00 total=0`;
      write("/proc/pressure/memory", `some ${line}\nfull ${line}\n`);
    },
  };
  machine.use(used);
  machine.stall(0);
  return machine;
}
