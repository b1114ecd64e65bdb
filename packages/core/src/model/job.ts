/** Jobs: a pipeline, its options and its items. Shared, pure. */
import type { ProcessorFacts } from "./processor-facts.ts";
import type { ItemCounts } from "./item.ts";

export const jobStates = [
  "planned",
  "running",
  "paused",
  "draining",
  "completed",
  "completed_with_problems",
  "interrupted",
  "cancelled",
] as const;
export type JobState = (typeof jobStates)[number];

/** Why a job is interrupted that `kc stop` ended: whoever follows it leaves too, and only a person takes it up again. */
export const STOPPED = { reason: "stopped by `kc stop`", reasonCode: "stopped" } as const;

/** States in which nothing of the job will run unless a person asks for it. */
export function isOver(state: JobState): boolean {
  return state === "completed" || state === "completed_with_problems" || state === "cancelled";
}

/** What someone asks for: the same for command line, API and library. */
export interface JobSpec {
  /** Id of the job, chosen by whoever submits (`newJobId`): submitting the same id again finds the job instead of making another. */
  readonly id?: string;
  readonly paths: readonly string[];
  /** Processor names, or paths of modules. */
  readonly pipeline: readonly string[];
  readonly outDir?: string;
  /** By processor name, then option. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly name?: string;
  readonly workers?: number;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly overwrite?: Overwrite;
  /** Folders that inputs and outputs must lie below, links resolved: set by a server for what comes over its port. */
  readonly roots?: readonly string[];
}

/** What may be replaced in the output folder. `ask` is settled with the person before a job is submitted. */
export type Overwrite =
  | "never"
  | "ours"
  | "ask"
  /** What a person's yes to `ask` makes of it. */
  | "replace";

/** One stage of a job's pipeline, settled when it was planned. */
export interface Stage {
  readonly processor: ProcessorFacts;
  /** Parsed and completed by the processor's own schema. */
  readonly options: Readonly<Record<string, unknown>>;
  /** sha256 of the options in canonical JSON, first 16 hex digits. */
  readonly optionsHash: string;
}

/** A job as it is stored. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  /** Why it is paused, or what made it end with problems; for people. */
  readonly reason: string | null;
  /** For programs: `user`, `stopped`, `circuit`, `disk_full` (see `disk-trouble.ts`), … */
  readonly reasonCode: string | null;
  readonly stages: readonly Stage[];
  /** Absolute output folder. */
  readonly outDir: string;
  readonly overwrite: Overwrite;
  /** The only clock its outputs show. */
  readonly jobTime: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly items: ItemCounts;
  /** Totals over all its steps. */
  readonly attempts: number;
  readonly crashes: number;
  readonly artifacts: number;
  /** Time in which it was running, in milliseconds. */
  readonly activeMs: number;
  /** Supervisor deaths since the last commit of this job. */
  readonly deaths: number;
  readonly spec: JobSpec;
}

/** Letters and digits that are not mistaken for one another. */
const ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

export const jobIdPattern: RegExp = /^[a-hjkmnp-z2-9]{8}$/;

export function newJobId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => ID_LETTERS[byte % ID_LETTERS.length]).join("");
}
