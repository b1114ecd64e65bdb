/** What happens right now in a job, as plain data for any screen. Host, pure. */
import type { LiveJob } from "../engine/live-job.ts";
import type { Home } from "../home.ts";
import type { Job, JobState } from "../model/job.ts";
import type { LiveView } from "./control.ts";

export function liveView(job: Job, live: LiveJob | null, { engine }: Home): LiveView {
  const { workers } = engine.crew;
  return {
    job: withHalt(job, live, engine.disk.full),
    running: live === null ? [] : runningSteps(live, engine.now()),
    workers: workers.map(({ number, pid, state, rssBytes }) => ({ number, pid, state, rssBytes })),
    machine: engine.machine.view(),
    workerBytes: workers.reduce((sum, worker) => sum + worker.rssBytes, 0),
    memory: engine.memory.view,
    lowSpaceBytes: engine.space.shortOf(job.outDir),
    seq: engine.ledger.lastSeq(),
  };
}

/** A full disk is known here before the ledger could be told: its own disk may be the full one. */
function withHalt(job: Job, live: LiveJob | null, diskFull: boolean): Job {
  if (live === null) return job;
  const goesOn = live.halt === null && !live.ended.signal.aborted;
  // It was taken up a moment ago, and the ledger has yet to hear of it.
  if (goesOn && isWaiting(job.state))
    return { ...job, state: "running", reason: null, reasonCode: null };
  if (job.state !== "running") return job;
  if (diskFull) {
    const reason = "no space left for the outputs; commits wait for it";
    return { ...job, state: "paused", reason, reasonCode: "disk_full" };
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

function runningSteps(live: LiveJob, now: number): LiveView["running"] {
  return [...live.running.values()].map((step) => ({
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
