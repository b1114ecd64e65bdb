/** Steps and attempts: what is scheduled, tried, counted and committed, and the pure rules of their states. Shared, pure. */
import type { ErrorFacts } from "./error-facts.ts";
import type { ItemState } from "./item.ts";

/** Number of an attempt, unique in the home and rising: also the fencing token of its step. */
export type AttemptId = number;

export const stepStates = [
  "queued",
  "running",
  "retrying",
  "completed",
  "failed",
  "quarantined",
  "skipped",
  "cancelled",
] as const satisfies readonly ItemState[];
export type StepState = (typeof stepStates)[number];

/** Attempts of a step: started counts every claim that reached a worker; a crash never reports back, so it is counted apart. */
export interface AttemptCounts {
  readonly started: number;
  readonly failed: number;
  readonly crashed: number;
}

/** How an attempt ended without a result, as the supervisor saw it. */
export interface CrashFacts {
  readonly reason: CrashReason;
  readonly signal: string | null;
  readonly exitCode: number | null;
  readonly pid: number;
  /** Milliseconds from the start of the step to the end of its worker. */
  readonly afterMs: number;
  readonly lastLog: readonly string[];
  /** Resident memory of the worker's process tree: [ms before the end, bytes], oldest first. */
  readonly memory: readonly (readonly [number, number])[];
  readonly lastProgress: { readonly fraction: number; readonly message?: string } | null;
}

export type CrashReason =
  /** Ended by a signal that we did not send: SIGSEGV, SIGABRT, SIGKILL by someone else. */
  | "signal"
  /** Left with an exit code of its own, also 0, before its reply. */
  | "exit"
  /** Over its memory limit, or taken by the kernel for memory. */
  | "memory"
  /** Event loop silent for longer than the heartbeat timeout. */
  | "unresponsive"
  /** No progress within the progress timeout, or over the step timeout, and it did not stop when told to. */
  | "timeout"
  /** Spoke outside the protocol. */
  | "protocol";

/** What is kept of a crash for people: shown by `kc show`, written once an item is quarantined. */
export interface CrashDossier {
  readonly error: ErrorFacts;
  readonly crash: CrashFacts;
  readonly attempts: AttemptCounts;
  readonly stage: string;
  readonly at: string;
}

/** A committed output file. */
export interface Artifact {
  readonly role: string;
  /** Absolute path. */
  readonly path: string;
  /** Relative to the output folder, with `/`. */
  readonly relativePath: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mimeType: string;
  /** Stage that made it. */
  readonly stage: number;
  readonly meta: Readonly<Record<string, unknown>>;
}
