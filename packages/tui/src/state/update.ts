/** What each happening makes of the dashboard. Pure: the clock is passed in. */
import type { Job } from "@knowledge-chipper/core/reading";
import { actionFor } from "../keys/key-table.ts";
import { pressInDialog } from "../keys/press-in-dialog.ts";
import { pressInMain } from "../keys/press-in-main.ts";
import { mostScroll } from "../panels/pages.ts";
import { dialogRoom, layoutOf } from "../view.ts";
import { foldCrashes } from "./crash-history.ts";
import { isRecoverable, type Dashboard, type Dialog } from "./dashboard.ts";
import type { Message, Update } from "./message.ts";
import { foldPace } from "./pace.ts";
import { selectJob } from "./select-job.ts";

const NOTICE_MS = 6_000;

export function update(before: Dashboard, message: Message, now: number): Update {
  const state = { ...before, now };
  if (message.m !== "key") return { state: settled(received(state, message)), effect: null };
  const done = press({ ...state, notice: null }, message.key);
  return { ...done, state: settled(done.state) };
}

function press(state: Dashboard, key: string): Update {
  if (state.dialog !== null) return pressInDialog(state, state.dialog, key);
  const action = actionFor("main", key);
  return action === null ? { state, effect: null } : pressInMain(state, action);
}

function received(state: Dashboard, message: Exclude<Message, { m: "key" }>): Dashboard {
  switch (message.m) {
    case "resize":
      return { ...state, size: message.size };
    case "tick":
      return state;
    case "jobs":
      return withJobs(state, message.jobs);
    case "live": {
      if (message.jobId !== state.jobId) return state;
      const busy = Math.min(message.live?.running.length ?? 0, message.live?.workers.length ?? 0);
      return { ...state, live: message.live, mostRunning: Math.max(busy, state.mostRunning) };
    }
    case "steps": {
      const { jobId, filter, cursor } = message.wanted;
      const { steps } = state;
      const isWanted =
        jobId === state.jobId && filter === steps.filter && cursor === steps.trail.at(-1);
      if (!isWanted) return state;
      const at = Math.max(0, Math.min(steps.at, message.rows.length - 1));
      return { ...state, steps: { ...steps, rows: message.rows, next: message.next, at } };
    }
    case "problems": {
      if (message.jobId !== state.jobId) return state;
      const at = Math.max(0, Math.min(state.problems.at, message.rows.length - 1));
      return { ...state, problems: { rows: message.rows, at } };
    }
    case "events":
      return {
        ...state,
        crashes: foldCrashes(state.crashes, message.events),
        pace: foldPace(state.pace, message.events),
      };
    case "lost":
      return state.link.s === "up" ? { ...state, link: { s: "lost", since: state.now } } : state;
    case "unheld":
      return state.link.s === "lost"
        ? { ...state, link: { ...state.link, s: "unheld" }, live: null }
        : state;
    case "found":
      return { ...state, link: { s: "up" } };
    case "said":
      return {
        ...state,
        notice: { text: message.text, tone: message.tone, until: state.now + NOTICE_MS },
      };
  }
}

/** The first list opens the recovery of what was interrupted; later ones keep the selection where it is. */
function withJobs(state: Dashboard, jobs: readonly Job[]): Dashboard {
  const isFirst = state.jobs === null;
  const kept = jobs.find(({ id }) => id === state.jobId);
  const interrupted = jobs.find((job) => job.state === "interrupted");
  const next = { ...state, jobs };
  if (kept !== undefined) return next;
  const chosen = (isFirst ? interrupted : undefined) ?? jobs[nearestIndex(state, jobs)];
  const selected = selectJob(next, chosen?.id ?? null);
  if (!isFirst || interrupted === undefined) return selected;
  return { ...selected, dialog: { d: "recovery", jobId: interrupted.id, choice: 0 } };
}

/** Where the selected job was before it went away. */
function nearestIndex({ jobs, jobId }: Dashboard, after: readonly Job[]): number {
  const index = jobs?.findIndex(({ id }) => id === jobId) ?? 0;
  return Math.max(0, Math.min(index, after.length - 1));
}

/** What can no longer be true: a pane that is not shown, a dialog whose job needs it no more, a notice that is old. */
function settled(state: Dashboard): Dashboard {
  const { notice, dialog } = state;
  const layout = layoutOf(state);
  const isShown = state.pane === "jobs" || layout[state.pane] !== null;
  return {
    ...state,
    pane: isShown ? state.pane : "jobs",
    notice: notice !== null && notice.until <= state.now ? null : notice,
    dialog: dialog === null || !isStillWanted(state, dialog) ? null : scrolled(state, dialog),
  };
}

function isStillWanted({ jobs, live }: Dashboard, dialog: Dialog): boolean {
  if (dialog.d !== "recovery" && dialog.d !== "confirm") return true;
  const job =
    live?.job.id === dialog.jobId ? live.job : jobs?.find(({ id }) => id === dialog.jobId);
  return job !== undefined && isRecoverable(job);
}

function scrolled(state: Dashboard, dialog: Dialog): Dialog {
  if (dialog.d !== "details" && dialog.d !== "help") return dialog;
  const most = mostScroll(dialog, dialogRoom(state, dialog), state.now);
  return dialog.at <= most ? dialog : { ...dialog, at: most };
}
