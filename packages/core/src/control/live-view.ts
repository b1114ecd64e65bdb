/** What happens right now in a job, as plain data for any screen. Host, pure. */
import type { IsSlow } from "../analytics/slow.ts";
import type { Engine } from "../engine/engine.ts";
import type { LiveJob } from "../engine/live-job.ts";
import type { Home } from "../home.ts";
import type { Refusal } from "../model/disk-trouble.ts";
import type { Job, JobState } from "../model/job.ts";
import type { StepRow } from "../ledger/port.ts";
import type { LiveView } from "./control.ts";

export function liveView(
  job: Job,
  live: LiveJob | null,
  { engine, isolation }: Home,
  isSlow: IsSlow,
): LiveView {
  const { workers } = engine.crew;
  return {
    job: asItIs(job, live, engine),
    running: live === null ? [] : runningSteps(live, performance.now(), isSlow),
    workers: workers.map(({ number, pid, state, rssBytes }) => ({ number, pid, state, rssBytes })),
    machine: engine.machine.view(),
    memory: engine.memory.view,
    lowSpaceBytes: engine.space.shortOf(job.outDir),
    workerBytes: workers.reduce((sum, worker) => sum + worker.rssBytes, 0),
    isolation,
    seq: engine.ledger.lastSeq(),
  };
}

/** The job with what its supervisor knows before, or better than, the ledger. */
export function asItIs(job: Job, live: LiveJob | null, { disk }: Pick<Engine, "disk">): Job {
  return withHalt(job, live, disk.troubleOf(job.id));
}

/** Steps with those marked that took unusually long. */
export function withSlow(rows: readonly StepRow[], isSlow: IsSlow): readonly StepRow[] {
  return rows.map((row) => (isSlow(row.stage, row.durationMs) ? { ...row, slow: true } : row));
}

/** A disk that refuses is known here before the ledger could be told: its own disk may be the one. */
function withHalt(job: Job, live: LiveJob | null, waitsFor: Refusal | null): Job {
  if (live === null) return job;
  const goesOn = live.halt === null && !live.ended.signal.aborted;
  // It was taken up a moment ago, and the ledger has yet to hear of it.
  if (goesOn && isWaiting(job.state))
    return { ...job, state: "running", reason: null, reasonCode: null };
  if (job.state !== "running") return job;
  if (waitsFor !== null) {
    const reason = `${waitsFor.message}: the work waits for it and goes on by itself`;
    return { ...job, state: "paused", reason, reasonCode: waitsFor.code };
  }
  // Paused or interrupted is what the ledger says once everything has ended.
  const { halt } = live;
  return halt === null
    ? job
    : { ...job, state: "draining", reason: halt.reason, reasonCode: halt.reasonCode };
}

function isWaiting(state: JobState): boolean {
  return state === "planned" || state === "paused" || state === "interrupted";
}

function runningSteps(live: LiveJob, now: number, isSlow: IsSlow): LiveView["running"] {
  return [...live.running.values()].map((step) => ({
    slow: isSlow(
      live.job.stages[step.claim.stage]?.processor.name ?? "",
      step.startedAtMs === null ? null : now - step.startedAtMs,
    ),
    item: step.claim.item?.relativePath ?? null,
    stage: live.job.stages[step.claim.stage]?.processor.name ?? "",
    attempt: step.claim.attempts.started,
    fraction: step.fraction,
    message: step.message,
    forMs: step.startedAtMs === null ? 0 : now - step.startedAtMs,
    worker: step.worker?.number ?? null,
    rssBytes: step.worker?.rssBytes ?? 0,
  }));
}
