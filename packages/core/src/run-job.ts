/**
 * The story of one job: admit its items, claim steps, let workers run them, commit what they made, gather, end. Host.
 *
 * Nothing here is remembered across a death: whatever is not in the ledger did not happen, and this is called again with a fresh
 * `LiveJob` by the next supervisor.
 */
import type { Claim } from "./ledger/port.ts";
import type { JobState } from "./model/job.ts";
import { diskTroubleOf } from "./model/disk-trouble.ts";
import { admitItems } from "./engine/admit.ts";
import { runAdmitted } from "./engine/admit-shift.ts";
import type { Engine } from "./engine/engine.ts";
import { haltJob, type LiveJob } from "./engine/live-job.ts";
import { claimStage, creditsOf } from "./engine/claim-stage.ts";

/** Between notes of the time that a job was active. */
const NOTE_MS = 2_000;

/** Works on a job until it is over, paused or stopped; returns the state it left in the ledger. */
export async function runJob(live: LiveJob, engine: Engine): Promise<JobState> {
  await engine.ledger.setJobState(live.id, "running");
  const noting = setInterval(() => {
    if (engine.disk.troubleOf(live.id) === null) void noteActiveTime(live, engine);
  }, NOTE_MS);
  try {
    await engine.unfinished.finish(live.id);
    await runMapStages(live, engine);
    for (const stage of gatherStages(live)) {
      if (mayGather(live, engine)) await runGatherStage(live, engine, stage);
    }
  } finally {
    clearInterval(noting);
  }
  return endJob(live, engine);
}

/** Every item through its map stages, as many at a time as there are slots. */
async function runMapStages(live: LiveJob, engine: Engine): Promise<void> {
  const most = Math.max(32, engine.slots.size * 128);
  const admitting = admitItems(live, engine, most).catch((error: unknown) =>
    halt(live, engine, error),
  );
  const stages = mapStages(live);
  const isOver = () => live.admissionDone && engine.ledger.outlook(live.id).openItems === 0;
  await workOn(live, engine, stages, isOver);
  live.mayAdmit.ring();
  await admitting;
}

async function runGatherStage(live: LiveJob, engine: Engine, stage: number): Promise<void> {
  const state = await engine.ledger.queueGather(live.id, stage);
  if (state !== "queued" && state !== "retrying") return;
  live.maybeReady[stage] = true;
  live.gathered.delete(stage);
  await workOn(live, engine, [stage], () => live.gathered.has(stage));
}

/** Claims and runs steps of `stages` until `isOver`, a halt, or the end of the job. */
async function workOn(
  live: LiveJob,
  engine: Engine,
  stages: readonly number[],
  isOver: () => boolean,
): Promise<void> {
  const shifts = new Set<Promise<void>>();
  while (!live.ended.signal.aborted) {
    const ready = live.halt === null ? stages.filter((stage) => mayClaim(live, engine, stage)) : [];
    if (ready.length === 0) {
      if (shifts.size === 0 && (live.halt !== null || isOver())) break;
      const open = stages.filter((stage) => !isFull(live, engine, stage));
      const disarm = armRetryTimer(live, engine, open);
      await live.bell.heard();
      disarm();
      continue;
    }
    const release = await engine.slots.acquire(1);
    // Waiting may have taken long: the job may have been stopped meanwhile.
    if (live.halt !== null || live.ended.signal.aborted) {
      release();
      continue;
    }
    const claimed = await claimNext(live, engine, ready).catch((error: unknown) => {
      halt(live, engine, error);
      return null;
    });
    if (claimed === null) {
      release();
      continue;
    }
    const shift = startShift(live, engine, claimed, release).finally(() => {
      shifts.delete(shift);
      live.bell.ring();
    });
    shifts.add(shift);
  }
  await Promise.all(shifts);
}

/** A step in doubt gives its slot back and waits for all of them: it runs with nothing beside it. */
async function startShift(
  live: LiveJob,
  engine: Engine,
  { stage, claims }: { stage: number; claims: readonly Claim[] },
  release: () => void,
): Promise<void> {
  let letGo = release;
  if (claims.some((claim) => claim.alone)) {
    release();
    letGo = await engine.slots.acquire("all");
  }
  try {
    await runAdmitted(live, engine, stage, claims);
  } catch (error) {
    halt(live, engine, error);
  } finally {
    letGo();
  }
}

function mayClaim(live: LiveJob, engine: Engine, stage: number): boolean {
  return live.maybeReady[stage] === true && !isFull(live, engine, stage);
}

/** One more worker of the stage would only take models from others: its end is waited for. */
function isFull(live: LiveJob, { models }: Engine, stage: number): boolean {
  return models.isFull(live.tradeKeys[stage] ?? "");
}

/** The latest stage that has something goes first, so that results come early. */
async function claimNext(
  live: LiveJob,
  engine: Engine,
  ready: readonly number[],
): Promise<{ stage: number; claims: readonly Claim[] } | null> {
  for (const stage of ready.toSorted((a, b) => b - a)) {
    // Another job may have taken the place while this one waited for a slot.
    if (!mayClaim(live, engine, stage)) continue;
    const claims = await claimStage(live, engine, stage, creditsOf(live, engine, stage));
    if (claims.length > 0) return { stage, claims };
  }
  return null;
}

/** Wakes the job when the next step that waits for its retry becomes runnable. */
function armRetryTimer(live: LiveJob, engine: Engine, stages: readonly number[]): () => void {
  const { nextReadyAt, readyByStage } = engine.ledger.outlook(live.id, engine.now());
  // One may have fallen due while a claim with an earlier clock was under way.
  const isDue = stages.some((stage) => (readyByStage[stage] ?? 0) > 0);
  const at = isDue ? engine.now() : nextReadyAt;
  if (at === null || live.halt !== null) return () => {};
  const timer = setTimeout(
    () => {
      for (const stage of stages) live.maybeReady[stage] = true;
      live.bell.ring();
    },
    Math.max(0, Math.min(at - engine.now(), 60_000)),
  );
  return () => clearTimeout(timer);
}

/** Gather stages run over completed items; with none there is nothing to gather. */
function mayGather(live: LiveJob, engine: Engine): boolean {
  if (live.halt !== null || live.ended.signal.aborted) return false;
  return (engine.ledger.job(live.id)?.items.completed ?? 0) > 0;
}

/** Time asleep does not count; told now and then, so that a job whose supervisor dies keeps most of it. */
async function noteActiveTime(live: LiveJob, { ledger, clock }: Engine): Promise<void> {
  const now = clock.awake();
  const ms = now - live.activeSinceMs;
  live.activeSinceMs = now;
  await ledger.addActiveTime(live.id, ms).catch(() => {});
}

async function endJob(live: LiveJob, engine: Engine): Promise<JobState> {
  const { ledger } = engine;
  await noteActiveTime(live, engine);
  if (ledger.job(live.id)?.state === "cancelled") return "cancelled";
  if (live.halt?.state === "paused") {
    await ledger.setJobState(live.id, "paused", live.halt);
    return "paused";
  }
  if (live.ended.signal.aborted || live.halt !== null) {
    const job = ledger.job(live.id);
    if (job === null || job.state === "cancelled") return "cancelled";
    const why = live.halt ?? { reason: "stopped", reasonCode: "user" };
    await ledger.setJobState(live.id, "interrupted", why);
    return "interrupted";
  }
  const items = ledger.job(live.id)?.items;
  const bad = (items?.failed ?? 0) + (items?.quarantined ?? 0) > 0;
  const gatherFailed = gatherStages(live).some((stage) => live.gathered.get(stage) === false);
  const state = bad || gatherFailed ? "completed_with_problems" : "completed";
  await ledger.setJobState(live.id, state);
  return state;
}

/** Something that no step is to blame for: take nothing new, say why. */
function halt(live: LiveJob, engine: Engine, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  engine.note("error", `job ${live.id} pauses: ${message}`, { jobId: live.id });
  haltJob(live, {
    state: "paused",
    reason: message,
    reasonCode: diskTroubleOf(error) ?? "supervisor_error",
  });
}

function mapStages(live: LiveJob): number[] {
  return stagesOf(live, "map");
}

function gatherStages(live: LiveJob): number[] {
  return stagesOf(live, "gather");
}

function stagesOf(live: LiveJob, kind: "map" | "gather"): number[] {
  return live.job.stages.flatMap(({ processor }, stage) =>
    processor.kind === kind ? [stage] : [],
  );
}
