/** Everything the dashboard shows, as plain data: each picture is a pure function of it. Shared, pure. */
import type { Job, LiveView, ProblemRow, StepRow } from "@knowledge-chipper/core/reading";
import type { Size } from "../rows/row.ts";
import { noCrashes, type CrashHistory } from "./crash-history.ts";
import { noPace, type Pace } from "./pace.ts";

export type PaneId = "jobs" | "items" | "problems";

export const stepFilters = [
  "all",
  "queued",
  "retrying",
  "completed",
  "failed",
  "quarantined",
] as const;
export type StepFilter = (typeof stepFilters)[number];

export interface Dashboard {
  readonly size: Size;
  readonly now: number;
  readonly link: Link;
  /** Newest first; null: not read yet. */
  readonly jobs: readonly Job[] | null;
  readonly jobId: string | null;
  readonly pane: PaneId;
  readonly steps: StepWindow;
  /** What runs in the selected job. */
  readonly live: LiveView | null;
  /** Most workers seen busy at once in it: their lines stay free, so that the page below does not jump. */
  readonly mostRunning: number;
  /** Of the selected job, in the order in which the core tells them. */
  readonly problems: { readonly rows: readonly ProblemRow[]; readonly at: number };
  readonly crashes: CrashHistory;
  readonly pace: Pace;
  /** On a small screen: the chart in place of the items. */
  readonly showsChart: boolean;
  readonly dialog: Dialog | null;
  readonly notice: Said | null;
}

/** The other side. When it is lost the last picture stays, or what the ledger said afterwards, once nobody held the home. */
export type Link =
  | { readonly s: "up" }
  | { readonly s: "lost"; readonly since: number }
  | { readonly s: "unheld"; readonly since: number };

/** One page of the selected job's steps; pages before it are found by their cursors. */
export interface StepWindow {
  readonly filter: StepFilter;
  /** Cursors of the pages up to this one; the first page has none. */
  readonly trail: readonly (string | null)[];
  /** Null: being read. */
  readonly rows: readonly StepRow[] | null;
  readonly next: string | null;
  readonly at: number;
}

export type Dialog =
  | { readonly d: "recovery"; readonly jobId: string; readonly choice: number }
  | {
      readonly d: "confirm";
      readonly ask: "restart" | "delete";
      readonly jobId: string;
      readonly yes: boolean;
    }
  | { readonly d: "details"; readonly step: StepRow | ProblemRow; readonly at: number }
  | { readonly d: "help"; readonly at: number };

/** One line for the person, for a while. */
export interface Said {
  readonly text: string;
  readonly tone: "good" | "bad";
  readonly until: number;
}

export function emptyDashboard(size: Size, now: number): Dashboard {
  return {
    size,
    now,
    link: { s: "up" },
    jobs: null,
    jobId: null,
    pane: "jobs",
    steps: firstPage("all"),
    live: null,
    mostRunning: 0,
    problems: { rows: [], at: 0 },
    crashes: noCrashes,
    pace: noPace,
    showsChart: false,
    dialog: null,
    notice: null,
  };
}

export function firstPage(filter: StepFilter): StepWindow {
  return { filter, trail: [null], rows: null, next: null, at: 0 };
}

/** The selected job, as freshly as it is known. */
export function selectedJob(state: Dashboard): Job | null {
  return state.jobId === null ? null : jobById(state, state.jobId);
}

export function jobById({ jobs, live }: Dashboard, jobId: string): Job | null {
  if (live?.job.id === jobId) return live.job;
  return jobs?.find(({ id }) => id === jobId) ?? null;
}

/** Waits for a person: may be resumed, restarted or deleted. */
export function isRecoverable({ state }: Job): boolean {
  return state === "interrupted" || state === "paused";
}

export function isActive({ state }: Job): boolean {
  return state === "running" || state === "draining" || state === "planned";
}

export function doneItems({ items }: Job): number {
  return items.completed + items.failed + items.quarantined + items.skipped + items.cancelled;
}
