/** `kc wait`: waits for the end of a job that another process works on; changes nothing. I/O. */
import {
  isDiskTrouble,
  isOver,
  printable,
  UserError,
  type Control,
  type Job,
} from "@knowledge-chipper/core/reading";
import { DISK_PATIENCE_MS } from "../attach/attach.ts";
import { attachToRead } from "../attach/attach-to-read.ts";
import { findJob } from "../attach/find-job.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { printEnd } from "../print/end.ts";

const LOOK_MS = 300;
/** Between two holders of a home a job lies interrupted for a moment. */
const HANDOVER_MS = 6_000;

export async function wait(
  ref: string,
  { timeout }: { readonly timeout?: number },
  global: GlobalFlags,
): Promise<number> {
  const startedAt = performance.now();
  const signalled = firstSignal();
  let jobId: string | null = null;
  /** Since when it is in a state that may pass. */
  let stuckAt = 0;
  let stuckAs: number | null = null;
  for (;;) {
    const control = await attachToRead(global);
    if (control === null)
      throw new UserError("job_not_found", `there is no job "${ref}": this home has no job yet`);
    try {
      const job: Job | null = await findJob(control, jobId ?? ref).catch(passing);
      if (job !== null) {
        jobId = job.id;
        const { code, patienceMs } = verdictOn(job);
        if (code !== stuckAs) stuckAt = performance.now();
        stuckAs = code;
        if (code !== null && performance.now() - stuckAt >= patienceMs)
          return await end(control, job, code, startedAt, global);
        if (timeout !== undefined && performance.now() - startedAt >= timeout * 1_000) {
          say(`${printable(job.name)} is still ${job.state} after ${timeout} s`);
          return await end(control, job, exitCodes.timedOut, startedAt, global);
        }
      }
    } finally {
      await control.close();
    }
    const signal = await Promise.race([signalled, Bun.sleep(LOOK_MS)]);
    if (typeof signal === "number") return signal;
  }
}

/** The exit code that a job's state means; null: it goes on. */
function verdictOn(job: Job): { code: number | null; patienceMs: number } {
  if (isOver(job.state)) {
    const code = job.state === "completed" ? exitCodes.done : exitCodes.problems;
    return { code, patienceMs: 0 };
  }
  if (job.state === "paused") {
    const mayPass = isDiskTrouble(job.reasonCode);
    return { code: exitCodes.needsPerson, patienceMs: mayPass ? DISK_PATIENCE_MS : 0 };
  }
  if (job.state === "interrupted") return { code: exitCodes.interrupted, patienceMs: HANDOVER_MS };
  return { code: null, patienceMs: 0 };
}

async function end(
  control: Control,
  job: Job,
  code: number,
  startedAt: number,
  global: GlobalFlags,
): Promise<number> {
  await printEnd(control, job, startedAt, global);
  return code;
}

/** A supervisor that goes away in the middle of an answer is followed by another one. */
function passing(error: unknown): null {
  if ((error as { code?: string }).code === "connection_lost") return null;
  throw error;
}

function firstSignal(): Promise<number> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve(exitCodes.interrupted));
    process.once("SIGTERM", () => resolve(exitCodes.terminated));
  });
}

function say(text: string): void {
  process.stderr.write(`kc: ${text}\n`);
}
