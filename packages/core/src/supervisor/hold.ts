/** Tells what keeps a silent process from running: a signal, its disk or swap, or nothing but itself. Pure. */

/** `stopped`: by a signal or a tracer. `waiting`: for a disk, or for memory that was swapped out. `none`: it could run. */
export type Hold = "stopped" | "waiting" | "none";

/** What the kernel says of a process at one moment. */
export interface Scheduling {
  /** Letter of /proc/PID/stat. */
  readonly state: string;
  /** Pages it had to wait for, read from a disk, since its start. */
  readonly majorFaults: number;
}

/** So many pages read between two looks: it is being swapped in, though it was caught running. */
const PAGING = 10;

export function holdOf(now: Scheduling | null, before: Scheduling | null): Hold {
  if (now === null) return "none";
  if (now.state === "T" || now.state === "t") return "stopped";
  if (now.state === "D") return "waiting";
  const pages = before === null ? 0 : now.majorFaults - before.majorFaults;
  return pages >= PAGING ? "waiting" : "none";
}
