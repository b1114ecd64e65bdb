/** Events: the record that every number on every screen is a fold of. Shared, pure. */
import type { ErrorFacts } from "./error-facts.ts";
import type { ItemState } from "./item.ts";
import type { JobState } from "./job.ts";
import type { ModelUsage } from "./model-usage.ts";
import type { AttemptId, CrashReason } from "./step.ts";

/** Facts of each event type beside the common fields. Durable ones are written in the transaction of the change they tell. */
export interface EventData {
  "job:planned": { name: string; items: number; pipeline: string[] };
  "job:state": { state: JobState; reason?: string; reasonCode?: string };
  "job:deleted": Record<string, never>;
  "step:started": { attemptId: AttemptId };
  "step:completed": {
    attemptId: AttemptId;
    durationMs: number;
    artifacts: number;
    /** Bytes of the artifacts together. */
    outputBytes?: number;
    /** What was asked of language models for it. */
    usage?: ModelUsage;
    cached?: boolean;
  };
  "step:failed": { attemptId: AttemptId; error: ErrorFacts; retryAt?: string };
  "step:crashed": {
    attemptId: AttemptId;
    reason: CrashReason;
    error: ErrorFacts;
    retryAt?: string;
  };
  "step:released": { attemptId: AttemptId; why: string };
  "item:state": { state: ItemState; error?: ErrorFacts };
  /** `thread`: it has no process of its own, and 0 as its pid. */
  "worker:started": { worker: number; pid: number; processor: string; thread?: boolean };
  "worker:exited": { worker: number; pid: number; crashed: boolean; reason: string };
  /** A person's rating of their experience, 1 to 10. */
  "user:rated": { rating: number };
  /** Memory that we may use became short, or is there again. */
  "memory:level": { level: string; reason?: string; usedBytes: number; limitBytes: number };
  /** A worker takes more and more memory: told once for each time that it does. */
  "worker:growing": { worker: number; pid: number; bytesPerSecond: number; rssBytes: number };
  /** Little space is left where a job writes; told once for each shortage. */
  "disk:low": { path: string; freeBytes: number; leastBytes: number };
  /** The machine's clock was set: times of later events are by the new one. */
  "clock:moved": { byMs: number };
  /** A supervisor began to run processors in threads: there is no crash protection. */
  "isolation:none": { why: string };
  /** Not durable, coalesced. */
  "step:progress": { attemptId: AttemptId; fraction: number; message?: string };
}
export type EventType = keyof EventData;

/** One event. `seq` rises without gaps in a home; events that are not durable carry the seq of the last durable one. */
export type Event = {
  [T in EventType]: {
    readonly seq: number;
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly type: T;
    readonly jobId?: string;
    /** Relative path of the item. */
    readonly item?: string;
    /** Name of the stage's processor. */
    readonly stage?: string;
  } & EventData[T];
}[EventType];
