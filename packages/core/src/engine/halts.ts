/** What makes a job take nothing new: a broken stage, a full disk, workers that do not start. Host. */
import type { Refusal } from "../model/disk-trouble.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import { closedCircuit, isOpen } from "../schedule/circuit.ts";
import type { RestartDecision } from "../schedule/restart.ts";
import type { Engine } from "./engine.ts";
import { haltJob, type LiveJob } from "./live-job.ts";

export function openCircuit(live: LiveJob, engine: Engine, stage: number): void {
  const { circuit_items } = engine.config.process_isolation;
  if (!isOpen(live.circuits[stage] ?? closedCircuit, circuit_items)) return;
  pauseJob(live, engine, {
    reason:
      `${circuit_items} different items in a row killed their workers in stage ${nameOf(live, stage)}, with none completed in ` +
      `between: the stage is broken, not the items. Mend it, then \`kc resume ${live.id}\` goes on`,
    reasonCode: "circuit",
  });
}

/** Workers that die with no step to blame: once in a while costs a restart, again and again pauses the job. */
export function haltForDeaths(
  live: LiveJob,
  engine: Engine,
  stage: number,
  error: ErrorFacts,
  restart: RestartDecision,
): void {
  engine.note("error", `a worker died or did not start: ${error.message}`, { jobId: live.id });
  if (restart.restart) return;
  const seconds = engine.config.process_isolation.restart_window_seconds;
  pauseJob(live, engine, {
    reason:
      `workers of stage ${nameOf(live, stage)} do not stay alive: ${restart.deaths} in a row within ${seconds} s, with no step to ` +
      `blame; the last one: ${error.message}. Mend that, then \`kc resume ${live.id}\` goes on`,
    reasonCode: "worker_cannot_start",
  });
}

/** A processor that found out in its setup that something is missing: its steps fail at once, each with what to install. */
export function refuseStage(live: LiveJob, engine: Engine, stage: number, error: ErrorFacts): void {
  if (live.refusals[stage] !== null) return;
  live.refusals[stage] = { ...error, message: `${error.message}. Then run \`kc retry\`` };
  engine.note("error", `stage ${nameOf(live, stage)}: ${error.message}`, { jobId: live.id });
}

/** A disk takes nothing: the job goes on by itself when it does. */
export function haltForDisk(live: LiveJob, { code, message }: Refusal): void {
  haltJob(live, { state: "paused", reason: message, reasonCode: code });
}

function pauseJob(
  live: LiveJob,
  engine: Engine,
  why: { readonly reason: string; readonly reasonCode: string },
): void {
  if (live.halt !== null) return;
  haltJob(live, { state: "paused", ...why });
  engine.note("error", `job ${live.id} pauses: ${why.reason}`, { jobId: live.id });
}

function nameOf(live: LiveJob, stage: number): string {
  return live.job.stages[stage]?.processor.name ?? String(stage);
}
