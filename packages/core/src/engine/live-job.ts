/** What the engine holds of a job while it works on it: plain state, rebuilt from the ledger at every start. Host, pure. */
import type { Claim } from "../ledger/port.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { Job } from "../model/job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import type { AttemptId } from "../model/step.ts";
import { closedCircuit, type Circuit } from "../schedule/circuit.ts";
import type { WorkerHandle } from "../supervisor/port.ts";
import { createBell, type Bell } from "./bell.ts";
import { tradeKeyOf } from "./trade.ts";

/** A step that a worker holds. */
export interface RunningStep {
  readonly claim: Claim;
  worker: WorkerHandle | null;
  readonly stagingDir: string;
  readonly tempDir: string;
  readonly checkpointKey: string | null;
  /** Set when the worker says that it began; by the monotonic clock. */
  startedAtMs: number | null;
  fraction: number;
  message: string | null;
}

export interface Halt {
  readonly state: "paused" | "draining";
  readonly reason: string;
  readonly reasonCode: string;
}

export interface LiveJob {
  readonly id: string;
  readonly job: Job;
  /** Rings whenever there may be something to do. */
  readonly bell: Bell;
  /** Rings when admission may go on. */
  readonly mayAdmit: Bell;
  readonly running: Map<AttemptId, RunningStep>;
  /** Per stage: whether a claim may find a step. */
  readonly maybeReady: boolean[];
  /** Per stage: moving average of a step's time, null until one was measured. */
  readonly stepMs: (number | null)[];
  /** Per stage: required things that the machine lacks. */
  readonly missing: readonly (readonly RequirementFacts[])[];
  /** Items admitted and not final, as far as this supervisor knows: how far admission runs ahead. */
  ahead: number;
  admissionDone: boolean;
  /** Per stage: see `tradeKeyOf`. */
  readonly tradeKeys: readonly string[];
  /** Per stage. */
  readonly circuits: Circuit[];
  /** Per stage: the error with which every further step of it fails at once, found out while running. */
  readonly refusals: (ErrorFacts | null)[];
  /** Why nothing new is taken, or null; set by `haltJob`. */
  halt: Halt | null;
  /** Aborted with the halt: what was claimed and has not begun goes back. */
  readonly halted: AbortController;
  /** Ends the job's loop: pause, cancel, stop. */
  readonly ended: AbortController;
  /** Gather stages that came to their end in this life: whether they completed. */
  readonly gathered: Map<number, boolean>;
  /** Up to when its active time is written down, by `Clock.awake`. */
  activeSinceMs: number;
}

export function liveJob(job: Job, nowMs: number, missing: LiveJob["missing"]): LiveJob {
  return {
    id: job.id,
    job,
    bell: createBell(),
    mayAdmit: createBell(),
    running: new Map(),
    maybeReady: job.stages.map(() => true),
    stepMs: job.stages.map(() => null),
    missing,
    ahead: 0,
    admissionDone: false,
    tradeKeys: job.stages.map(tradeKeyOf),
    circuits: job.stages.map(() => closedCircuit),
    refusals: job.stages.map(() => null),
    halt: null,
    halted: new AbortController(),
    ended: new AbortController(),
    gathered: new Map(),
    activeSinceMs: nowMs,
  };
}

/** Takes nothing new from here on; the first reason stays. */
export function haltJob(live: LiveJob, why: Halt): void {
  live.halt ??= why;
  live.halted.abort();
  live.bell.ring();
  live.mayAdmit.ring();
}

/** Says that a stage may have something to claim. */
export function stageReady(live: LiveJob, stage: number): void {
  live.maybeReady[stage] = true;
  live.bell.ring();
}
