/** What makes a job take nothing new: a broken stage, a full disk, workers that do not start. Host. */
import type { ErrorFacts } from "../model/error-facts.ts";
import { isOpen } from "../schedule/circuit.ts";
import type { Engine } from "./engine.ts";
import type { LiveJob } from "./live-job.ts";

export function openCircuit(live: LiveJob, engine: Engine): void {
  const { circuit_items } = engine.config.process_isolation;
  if (!isOpen(live.circuit, circuit_items)) return;
  live.halt ??= {
    state: "paused",
    reason:
      `${circuit_items} different items in a row killed their workers, with none completed in between: ` +
      `the stage is broken, not the items. \`kc resume ${live.id}\` goes on`,
    reasonCode: "circuit",
  };
}

export function noteNotStarted(
  live: LiveJob,
  engine: Engine,
  stage: number,
  error: ErrorFacts,
): void {
  const times = (live.notStarted[stage] ?? 0) + 1;
  live.notStarted[stage] = times;
  engine.note("error", `a worker did not start: ${error.message}`, { jobId: live.id });
  const { max_restart_attempts, circuit_items } = engine.config.process_isolation;
  // A module that does not load will not load next time; a worker that died on its way may have been killed by anyone.
  if (times <= (error.code === "worker_not_started" ? circuit_items : max_restart_attempts)) return;
  live.halt ??= {
    state: "paused",
    reason: `workers of stage ${live.job.stages[stage]?.processor.name} do not start: ${error.message}`,
    reasonCode: "worker_cannot_start",
  };
}

export function haltForDisk(live: LiveJob, error: ErrorFacts): void {
  live.halt ??= { state: "paused", reason: error.message, reasonCode: "disk_full" };
}
