/** What can happen to the dashboard, and what it can ask for. Shared, pure. */
import type { Event, Job, LiveView, ProblemRow, StepRow } from "@knowledge-chipper/core/reading";
import type { Size } from "../rows/row.ts";
import type { Dashboard, StepFilter } from "./dashboard.ts";

export type Message =
  | { readonly m: "key"; readonly key: string }
  | { readonly m: "resize"; readonly size: Size }
  | { readonly m: "tick" }
  | { readonly m: "jobs"; readonly jobs: readonly Job[] }
  | { readonly m: "live"; readonly jobId: string; readonly live: LiveView | null }
  | {
      readonly m: "steps";
      readonly wanted: StepsWanted;
      readonly rows: readonly StepRow[];
      readonly next: string | null;
    }
  | { readonly m: "problems"; readonly jobId: string; readonly rows: readonly ProblemRow[] }
  | { readonly m: "events"; readonly events: readonly Event[] }
  | { readonly m: "lost" }
  /** Nobody holds the home; what was told since the loss comes from the ledger. */
  | { readonly m: "unheld" }
  | { readonly m: "found" }
  | { readonly m: "said"; readonly text: string; readonly tone: "good" | "bad" };

/** A page of steps: what the picture needs now. */
export interface StepsWanted {
  readonly jobId: string;
  readonly filter: StepFilter;
  readonly cursor: string | null;
  readonly limit: number;
}

/** What a key asks of the other side, or of the screen. */
export type Effect =
  | {
      readonly e: "pause" | "resume" | "restart" | "remove" | "retry";
      readonly jobId: string;
      readonly name: string;
    }
  | { readonly e: "quit" };

export interface Update {
  readonly state: Dashboard;
  readonly effect: Effect | null;
}
