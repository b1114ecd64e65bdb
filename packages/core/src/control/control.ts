/** The one interface that every screen, route and command uses, in the supervisor's process or far from it. Shared, types only. */
import type { Report } from "../analytics/report/report.ts";
import type { SettingView } from "../config/setting-view.ts";
import type { ItemRow, ProblemRow, StepPage, StepRow } from "../ledger/port.ts";
import type { Event } from "../model/event.ts";
import type { Isolation } from "../model/isolation.ts";
import type { Job, JobSpec } from "../model/job.ts";
import type { Notice } from "../model/notice.ts";
import type { MachineView } from "../engine/machine.ts";
import type { MemoryView } from "../engine/memory-guard.ts";
import type { Artifact } from "../model/step.ts";
import type { ProcessorView } from "../plan/describe-processor.ts";
import type { Vitals } from "./vitals.ts";
import type { Preview } from "../plan/preview-job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";

export type { Vitals };

export interface Control {
  /** Plans a job and starts it; paths must be absolute. Resolves when it is planned, durably. */
  submit(spec: JobSpec): Promise<Submitted>;
  /** What a submission would do, without doing it. */
  preview(spec: JobSpec): Promise<Preview>;
  /** Newest first; `after` is the id of the last one of the page before. */
  jobs(page?: { limit?: number; after?: string }): Promise<readonly Job[]>;
  /** By id, unique prefix of it, name (newest first) or `last`. */
  findJobs(ref: string): Promise<readonly Job[]>;
  steps(jobId: string, page: StepPage): Promise<{ rows: readonly StepRow[]; next: string | null }>;
  /** In item order, after the item with index `after`. */
  items(jobId: string, page: { limit: number; after?: number }): Promise<readonly ItemRow[]>;
  /** By its path below the job's output folder; null when the job has no such output. */
  artifact(jobId: string, relativePath: string): Promise<Artifact | null>;
  /** What an attempt logged or printed, its last lines, oldest first. */
  attemptLog(jobId: string, attemptId: number, lines: number): Promise<readonly string[]>;
  /** The last lines of the supervisor's own log (JSON), oldest first. */
  runLog(lines: number): Promise<readonly string[]>;
  /** Processors known by name, with what this machine lacks for each. */
  processors(): Promise<readonly ProcessorView[]>;
  /** Every setting with where its value came from; secrets are hidden. */
  settings(): Promise<readonly SettingView[]>;
  /** Steps that failed or are quarantined, quarantined ones first. */
  problems(jobId: string, limit: number): Promise<readonly ProblemRow[]>;
  /** Takes nothing new; what runs finishes. */
  pause(jobId: string): Promise<void>;
  /** Goes on after a pause, a stop or a death. */
  resume(jobId: string): Promise<void>;
  /** Every item from the first stage again. */
  restart(jobId: string): Promise<void>;
  /** Ends what runs, cancels what is queued. */
  cancel(jobId: string): Promise<void>;
  /** Queues failed, quarantined and cancelled items again, and runs the job; resolves with their number. */
  retry(jobId: string, options?: RetryOptions): Promise<number>;
  /** Forgets a job that does not run; its outputs stay. */
  remove(jobId: string): Promise<void>;
  /** What happens right now. */
  live(jobId: string): Promise<LiveView | null>;
  /** Health, figures, times, errors and their course over the last `hours`, of the whole home. */
  report(hours: number): Promise<Report>;
  /** What happens right now in the whole home. */
  vitals(): Promise<Vitals>;
  /** Sequence number of the last durable event. */
  lastSeq(): Promise<number>;
  /** Durable events of a job after `after` (a seq), in order. */
  eventsAfter(jobId: string, after: number, limit: number): Promise<readonly Event[]>;
  /** Says that the end which comes now is a person's stop: nothing of it is taken up by others. */
  announceStop(): Promise<void>;
  /** Events as they happen, after those since `after` (a seq) where given; while those are told, a listener may ask to be waited for. */
  subscribe(
    listener: (events: readonly Event[]) => void | Promise<void>,
    options?: { after?: number; jobId?: string; signal?: AbortSignal },
  ): Promise<() => void>;
  close(): Promise<void>;
}

/** Control over a supervisor in another process. */
export interface RemoteControl extends Control {
  /** Called once when the other side is gone. */
  onLost(listener: () => void): void;
}

export interface RetryOptions {
  /** Takes inputs that changed since they were planned as they are now. */
  readonly acceptChanged?: boolean;
  /** Lets files in the way be replaced that are not ours: only after a person said so. */
  readonly replaceForeign?: boolean;
}

export type { Preview };

export interface Submitted {
  readonly job: Job;
  /** What planning left out and why, e.g. unreadable files; bounded. */
  readonly notices: readonly Notice[];
  /** Required things that the machine lacks, by stage. */
  readonly missing: readonly { stage: string; requirement: RequirementFacts }[];
}

export interface LiveView {
  readonly job: Job;
  readonly running: readonly {
    readonly item: string | null;
    readonly stage: string;
    readonly attempt: number;
    readonly fraction: number;
    readonly message: string | null;
    readonly forMs: number;
    /** Unusually long for its stage. */
    readonly slow: boolean;
    readonly worker: number | null;
    readonly rssBytes: number;
  }[];
  readonly workers: readonly {
    readonly number: number;
    readonly pid: number;
    readonly state: string;
    readonly rssBytes: number;
  }[];
  /** The whole machine; null until it was looked at. */
  readonly machine: MachineView | null;
  /** Free bytes where its outputs go when that is little (`disk_space_warning_gb`), else null. */
  readonly lowSpaceBytes: number | null;
  /** How short memory is for us, and the limit of a worker; null: not watched. */
  readonly memory: MemoryView | null;
  /** Memory of all workers, in bytes. */
  readonly workerBytes: number;
  /** In threads there is no crash protection, and every screen says so (`isolationWarning`). */
  readonly isolation: Isolation;
  /** Sequence number of the last durable event. */
  readonly seq: number;
}
