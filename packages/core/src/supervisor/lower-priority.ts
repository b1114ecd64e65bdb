/** Makes a child yield to us: less CPU when it is scarce, and first in line when the kernel needs memory back. Host, I/O. */
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

const NICE = 10;
const OOM_SCORE_ADJUSTMENT = 500;

/** To be called right after the start: threads that exist already keep their priority. Errors are ignored. */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It is gone already, or the system does not allow it.
  }
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(OOM_SCORE_ADJUSTMENT));
  } catch {
    // As above, or there is no /proc.
  }
}
