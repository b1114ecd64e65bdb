/** What the engine sees of supervision: workers it can order about, and what became of them. Host, types only. */
import type { ErrorFacts } from "../model/error-facts.ts";
import type { AttemptId, CrashFacts } from "../model/step.ts";
import type { Fact, StepOrder, StepResult } from "../rpc/contract.ts";

/** Limits a worker is held to; all in milliseconds and bytes. */
export interface WorkerLimits {
  readonly startupTimeoutMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly progressTimeoutMs: number;
  /** Null: no limit on a step's total time. */
  readonly stepTimeoutMs: number | null;
  /** Cancel to SIGTERM. */
  readonly shutdownTimeoutMs: number;
  /** SIGTERM to SIGKILL. */
  readonly forceKillTimeoutMs: number;
  /** Resident memory of the process tree; null: not watched. */
  readonly memoryBytes: number | null;
  readonly progressIntervalMs: number;
}

export interface WorkerSpec {
  /** Random name of the home: marks every process we start, so that a rescue finds what is left of it. */
  readonly homeId: string;
  /** Number of the worker in this supervisor's life, from 1; never used twice, as it marks all that the worker starts. */
  readonly number: number;
  readonly processor: { readonly url: string; readonly name: string };
  readonly options: Readonly<Record<string, unknown>>;
  /** Variables granted to the processor. */
  readonly env: Readonly<Record<string, string>>;
  readonly cpus: number;
  /** Working and temp folder of the worker; made and removed by the handle. */
  readonly tempDir: string;
  readonly limits: WorkerLimits;
  /** Loads models before the first step. */
  readonly preload?: boolean;
}

/** What is passed on as it comes; results go to `onResults`, last words into the crash. */
export type WorkerFact = Exclude<Fact, { fact: "result" | "last-words" }>;

export interface WorkerListener {
  /** Progress, logs, extensions and starts, as they come. Logs include the worker's stdout and stderr, bounded. */
  onFact(fact: WorkerFact): void;
  /** Resolve once everything of the batch is committed; the worker may not exit before. */
  onResults(results: readonly { attemptId: AttemptId; result: StepResult }[]): Promise<void>;
  /** Resolve when durable. */
  onCheckpoint(
    attemptId: AttemptId,
    change: { save: unknown } | { append: unknown },
  ): Promise<void>;
  /** Resolve when the worker may load a model; without this method it always may. `attempt` is `SETUP` before the first step. */
  onLoadModel?(attempt: AttemptId, key: string, bytes: number): Promise<void>;
  /** Exactly once, after the last fact of the worker was delivered. */
  onExit(exit: WorkerExit): void;
  /** What another method of this listener threw: it is caught, so that it ends neither the worker nor us. */
  onError?(error: unknown): void;
}

/** How a worker ended. */
export type WorkerExit =
  /** We ended it: it was told to stop and did, or had to be killed over it, or `kill` was called. Nobody is to blame. */
  | {
      readonly how: "stopped";
      /** Why it was killed, or null: it left by itself. */
      readonly killed: string | null;
      /** All it had in hand, a step that was running included. */
      readonly returned: readonly AttemptId[];
    }
  /** It never became ready: the processor does not load, or the handshake timed out. */
  | {
      readonly how: "not-started";
      readonly error: ErrorFacts;
      readonly returned: readonly AttemptId[];
    }
  /** It died, or had to be killed, with or without a step in hand. */
  | {
      readonly how: "crashed";
      /** The step that had begun and has no received result, or null: none had begun. */
      readonly culprit: AttemptId | null;
      /** Credited and not begun: to be given back with nothing counted. */
      readonly returned: readonly AttemptId[];
      readonly error: ErrorFacts;
      readonly crash: CrashFacts;
    };

export interface WorkerHandle {
  readonly number: number;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly state: "starting" | "ready" | "busy" | "stopping" | "exited";
  /** Steps credited and not answered, in order. */
  readonly inHand: readonly AttemptId[];
  /** The step that has begun and is not answered, and since when by the monotonic clock; null: none. */
  readonly current: { readonly attemptId: AttemptId; readonly begunAt: number } | null;
  /** Steps answered since the start. */
  readonly done: number;
  /** Last sample of its process tree, in bytes. */
  readonly rssBytes: number;
  /** The highest sample since this was asked last, in bytes. */
  takePeak(): number;
  /** Resolves when set up, or when it is gone (see `state`); rejects never: a failed start ends in `onExit`. */
  readonly ready: Promise<void>;
  /** Credits steps; they run in order, one at a time. */
  run(orders: readonly StepOrder[]): void;
  /** Cancels a running step by the ladder: signal, SIGTERM, SIGKILL. */
  cancel(attemptId: AttemptId, why: string): void;
  /** Takes back credited steps that have not begun; resolves with their attempts. */
  giveBack(): Promise<readonly AttemptId[]>;
  /** Lets go of cached models that no step uses; resolves when done, or when the worker is gone. */
  evictModels(): Promise<void>;
  /** Lets go of one; resolves when it is gone, or with the attempt that uses it. Rejects when the worker cannot be asked. */
  evictModel(key: string): Promise<AttemptId | null>;
  /** Finishes nothing new, cancels what runs after `graceMs`, then the ladder. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL of its group, now; resolves when it is gone. It ends as `stopped`, with all it had in hand returned. */
  kill(why: string): Promise<void>;
}

/** Starts a worker at once; it is credited steps as soon as one likes. */
export type SpawnWorker = (spec: WorkerSpec, listener: WorkerListener) => WorkerHandle;
