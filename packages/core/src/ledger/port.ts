/**
 * The ledger's port: the durable record of jobs, items, steps, attempts, checkpoints, artifacts and events. Host, types only.
 *
 * A promise returned by a writing call resolves only when what it wrote is on disk (fsync), in one group with whatever else was
 * waiting. Nothing here assumes that the claimer lives in the same process: a claim is a lease with a fencing token (the attempt
 * id), and a late owner's commit is refused.
 */
import type { ErrorFacts } from "../model/error-facts.ts";
import type { Event, EventData, EventType } from "../model/event.ts";
import type { Fingerprint, ItemIndex, ItemState, PlannedItem } from "../model/item.ts";
import type { Job, JobState, Overwrite } from "../model/job.ts";
import type {
  Artifact,
  AttemptCounts,
  AttemptId,
  CrashDossier,
  CrashFacts,
  StepState,
} from "../model/step.ts";
import type { StoredTallies } from "./read/tallies.ts";

export interface Ledger {
  /** Random name of this home, fixed when it was made: 8 hex digits. */
  readonly homeId: string;

  // ── planning ──
  /** Opens a job that no reader sees yet; one that is still unfinished at the next start never existed. */
  beginJob(job: NewJob): Promise<void>;
  addItems(jobId: string, items: readonly PlannedItem[]): Promise<void>;
  /** Makes the job visible as `planned`, with its event. */
  finishPlanning(jobId: string): Promise<void>;

  // ── the way of a step ──
  /** Queued items that were not looked at yet, in item order, after `after`. */
  unadmitted(jobId: string, after: ItemIndex | null, limit: number): readonly ItemRow[];
  admit(jobId: string, admissions: readonly Admission[]): Promise<void>;
  /** Takes up to `limit` runnable steps of ONE stage for `owner`: the first stage of `stages` that has any. Counts `started`. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Writes what is about to be published, before any rename. Refused (by attempt) where the token is stale or a target is another step's. */
  intend(intents: readonly Intent[]): Promise<readonly Verdict[]>;
  /** The final transaction: step completed, artifacts, next step or end of the item, events. */
  complete(completions: readonly Completion[]): Promise<readonly Verdict[]>;
  /** An attempt ended without a result that counts; what happens next was decided by the caller. */
  fail(failures: readonly Failure[]): Promise<readonly Verdict[]>;
  /** Gives steps back with no attempt counted (drained, or behind a culprit). `alone`: in doubt, runs alone next time. */
  release(
    releases: readonly { attemptId: AttemptId; why: string; alone?: boolean }[],
  ): Promise<void>;
  /**
   * Makes the gather step of a stage runnable, once every item is final, and says in which state it is now: `queued` (new, or to be
   * run again after a retry), `retrying`, or what it already ended as.
   */
  queueGather(jobId: string, stage: number): Promise<StepState>;

  // ── inside a step ──
  loadCheckpoint(key: string): StoredCheckpoint | null;
  /** Keys name one step of one job. Refused with `stale_attempt` when the attempt no longer runs its step. */
  saveCheckpoint(key: string, attemptId: AttemptId, change: CheckpointChange): Promise<void>;

  /** Forgets checkpoints last written before that time (ms since the epoch), never those of unfinished jobs; says how many. A page a call. */
  removeOldCheckpoints(before: number): Promise<number>;
  /** The same for crash dossiers; the errors of their attempts stay. */
  removeOldDossiers(before: number): Promise<number>;
  /** What these two would remove. */
  oldRecords(before: number): { checkpoints: number; dossiers: number };

  // ── jobs ──
  setJobState(
    jobId: string,
    state: JobState,
    why?: { reason: string; reasonCode: string },
  ): Promise<void>;
  setOverwrite(jobId: string, overwrite: Overwrite): Promise<void>;
  /** Adds to the time a job was active. */
  addActiveTime(jobId: string, ms: number): Promise<void>;
  /** Failed, quarantined and cancelled items are queued again with a fresh budget; gather steps will run again. */
  retry(
    jobId: string,
    options?: { items?: readonly ItemIndex[]; acceptChanged?: boolean },
  ): Promise<number>;
  /** Every item from the first stage again; what is ours in the output folder stays known. */
  restart(jobId: string): Promise<void>;
  /** Cancels what is not final. */
  cancel(jobId: string): Promise<void>;
  /** Forgets job, items, steps, events and checkpoints; outputs stay on disk and stay known as ours. */
  deleteJob(jobId: string): Promise<void>;
  /** The same for some jobs that are over and did not change since that time; says which. None are left when it says none. */
  forgetOldJobs(before: number): Promise<readonly string[]>;

  // ── reading: short, paged, never a long transaction ──
  job(jobId: string): Job | null;
  /** Newest first. */
  jobs(page?: { limit: number; after?: string }): readonly Job[];
  /** Jobs by state, and what waits in those that run. */
  jobTotals(): { byState: Partial<Record<JobState, number>>; queuedItems: number };
  /** Jobs by id, unique prefix of it, name (newest first), or `last`. */
  findJobs(ref: string): readonly Job[];
  steps(jobId: string, page: StepPage): { rows: readonly StepRow[]; next: string | null };
  /** Completed items with their artifacts, in item order: what a gather stage reads. */
  completedItems(
    jobId: string,
    after: ItemIndex | null,
    limit: number,
  ): readonly { item: ItemRow; artifacts: readonly Artifact[] }[];
  /** Steps that failed or are quarantined, quarantined ones first, with the dossier of their last attempt. */
  problems(jobId: string, limit: number): readonly ProblemRow[];
  /** All items, in item order, after `after`. */
  items(jobId: string, after: ItemIndex | null, limit: number): readonly ItemRow[];
  /** The artifact of a job at an absolute path. */
  artifactOf(jobId: string, path: string): Artifact | null;
  artifactAt(path: string): { sha256: string; bytes: number } | null;
  /** Sequence number of the last durable event. */
  lastSeq(): number;
  events(after: number, limit: number, jobId?: string): readonly Event[];
  /** Runnable steps now, and when the next one becomes runnable (ms since epoch), for a job. */
  outlook(
    jobId: string,
    /** Milliseconds since the epoch; default: by the wall clock. */
    now?: number,
  ): {
    readyByStage: readonly number[];
    unadmitted: number;
    nextReadyAt: number | null;
    running: number;
    openItems: number;
  };

  // ── events ──
  /** Called after each commit with the events it wrote, in order. */
  onEvents(listener: (events: readonly Event[]) => void): () => void;
  /** Writes events that belong to no step's transaction (workers). */
  record<T extends EventType>(
    type: T,
    data: EventData[T] & { jobId?: string; item?: string; stage?: string },
  ): Promise<void>;

  // ── analytics: texts that the ledger keeps and does not look into ──
  saveTallies(change: TallyChange): Promise<void>;
  tallies(fromMinute: number): StoredTallies;

  // ── life ──
  /** What the last owner left running; call once, holding the home's lock, before anything is claimed. */
  rescue(): Promise<Rescue>;
  /**
   * Learns again which files are ours, from the lines of an output folder's manifest in the order in which they were written.
   * Returns how many were new or different.
   */
  adoptOutputs(outDir: string, lines: readonly ManifestLine[]): Promise<number>;
  /** A consistent copy, made with VACUUM INTO off the main thread. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Tallies by minute since the epoch, and what is remembered beside them; written together. */
export interface TallyChange {
  readonly carry: string;
  readonly minutes: readonly (readonly [minute: number, tally: string])[];
  readonly forgetBefore: number;
}

export interface NewJob extends Pick<
  Job,
  "id" | "name" | "stages" | "outDir" | "overwrite" | "jobTime" | "spec"
> {}

export interface ItemRow extends PlannedItem {
  readonly state: ItemState;
  /** Null until admitted. */
  readonly fingerprint: Fingerprint | null;
}

/** What admission decided about an item. */
export type Admission =
  | { readonly item: ItemIndex; readonly fingerprint: Fingerprint; readonly stage: number }
  | {
      readonly item: ItemIndex;
      readonly fingerprint: Fingerprint | null;
      readonly skip: ErrorFacts;
    }
  /** No map stage has anything to do with it: it is completed as it is, and gathered. */
  | { readonly item: ItemIndex; readonly fingerprint: Fingerprint; readonly gathered: true }
  | {
      readonly item: ItemIndex;
      readonly failed: ErrorFacts;
      /** Stage that is shown with it; the first one when nothing is known. */
      readonly shownAt?: number;
    };

export interface ClaimRequest {
  readonly jobId: string;
  /** Stage positions in order of preference. */
  readonly stages: readonly number[];
  readonly limit: number;
  /** Milliseconds since the epoch: steps that wait for a retry time after it are left. */
  readonly now: number;
  readonly owner: string;
  /** Steps that never ran come before those whose retry is due; else after them. */
  readonly untriedFirst?: boolean;
  /** `alone` steps come one to a claim; with false they are left. Default true. */
  readonly alone?: boolean;
}

export interface Claim {
  readonly attemptId: AttemptId;
  readonly jobId: string;
  readonly stage: number;
  /** Null for a gather stage. */
  readonly item: ItemRow | null;
  /** Of the item, newest stage first. */
  readonly artifacts: readonly Artifact[];
  /** Counts including this attempt's start. */
  readonly attempts: AttemptCounts;
  /** Attempts spent since the last retry by a person: what `max_attempts` is held against. Does not count this one. */
  readonly spent: number;
  /** Out-of-memory deaths since then: their own budget. */
  readonly outOfMemory: number;
  /** Runs with no other step beside it. */
  readonly alone: boolean;
}

/** One file about to be published. */
export interface IntendedOutput {
  readonly role: string;
  readonly stagedPath: string;
  readonly targetPath: string;
  /** Relative to the output folder. */
  readonly relativePath: string;
  readonly mimeType: string;
  readonly mode: number;
  readonly bytes: number;
  readonly sha256: string;
  /** sha256 the ledger knows of our earlier file at the target; null: the target must not exist; `*`: a person let it be replaced. */
  readonly previousSha256: string | null;
  /** It replaces only the marked block of the page at the target, which may have changed since the ledger last knew it. */
  readonly isMarked?: boolean;
}

export interface Intent {
  readonly attemptId: AttemptId;
  readonly outputs: readonly IntendedOutput[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly durationMs: number;
}

export interface Completion {
  readonly attemptId: AttemptId;
  /** Taken from the intent when there was one. */
  readonly meta: Readonly<Record<string, unknown>>;
  readonly durationMs: number;
  /** Next stage of the item, or null: the item (or the gather stage) is completed. */
  readonly nextStage: number | null;
  /** The item ends as skipped instead (the processor said so). */
  readonly skipped?: ErrorFacts;
}

export interface Failure {
  readonly attemptId: AttemptId;
  readonly error: ErrorFacts;
  /** Set when the worker died: the attempt counts as crashed, not failed. */
  readonly crash?: CrashFacts;
  readonly durationMs: number;
  readonly then:
    | { readonly do: "retry"; readonly atMs: number; readonly alone?: boolean }
    | { readonly do: "fail" }
    | { readonly do: "quarantine" };
}

export type Verdict =
  | { readonly attemptId: AttemptId; readonly ok: true }
  | { readonly attemptId: AttemptId; readonly ok: false; readonly error: ErrorFacts };

export type CheckpointChange = { readonly save: unknown } | { readonly append: unknown };

export interface StoredCheckpoint {
  readonly value: unknown;
  readonly parts: readonly unknown[];
}

export interface StepPage {
  readonly limit: number;
  readonly cursor?: string;
  readonly state?: StepState;
}

export interface StepRow {
  /** Relative path, null for a gather stage. */
  readonly item: string | null;
  readonly itemIndex: ItemIndex | null;
  /** Name of the stage. */
  readonly stage: string;
  readonly state: StepState;
  readonly attempts: AttemptCounts;
  readonly artifacts: readonly Artifact[];
  readonly error: ErrorFacts | null;
  readonly dossier: CrashDossier | null;
  readonly durationMs: number | null;
  /** It took unusually long for its stage; set by Control. */
  readonly slow?: boolean;
}

export interface ProblemRow {
  readonly item: string | null;
  readonly stage: string;
  readonly state: StepState;
  readonly attempts: AttemptCounts;
  readonly error: ErrorFacts;
  readonly dossier: CrashDossier | null;
}

/** What a rescue found: steps put back in doubt, and intents to roll forward before anything else. */
export interface Rescue {
  /** Attempts whose supervisor died, by job: put back in the queue, to run alone. */
  readonly requeued: readonly { jobId: string; attemptId: AttemptId }[];
  /** To publish again and complete. */
  readonly intents: readonly (Intent & {
    readonly jobId: string;
    readonly stage: number;
    readonly item: ItemRow | null;
    readonly artifacts: readonly Artifact[];
  })[];
  /** Jobs that were running when the supervisor died. */
  readonly interruptedJobs: readonly string[];
}

/** The ledger's file was damaged: set aside, and replaced by a backup or by a new one. */
export interface LedgerRepair {
  /** What is wrong with it, in SQLite's words. */
  readonly damage: string;
  /** Where the damaged file lies now. */
  readonly setAside: string;
  /** Backup that replaced it, and when it was made; null: there was none, the ledger is empty. */
  readonly restoredFrom: { readonly path: string; readonly madeAt: string } | null;
}

/** One line of `<out>/.kc-manifest.jsonl`. */
export interface ManifestLine {
  /** Relative to the output folder. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly stepKey: string;
  readonly jobId: string;
}
