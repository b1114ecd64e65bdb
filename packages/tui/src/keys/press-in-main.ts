/** What each key does among the panes. Pure. */
import {
  isActive,
  isRecoverable,
  selectedJob,
  stepFilters,
  firstPage,
  type Dashboard,
  type PaneId,
} from "../state/dashboard.ts";
import type { Effect, Update } from "../state/message.ts";
import { selectJob } from "../state/select-job.ts";
import { layoutOf } from "../view.ts";
import type { MainAction } from "./key-table.ts";
import { moveInSteps, pageInSteps } from "./move-in-steps.ts";

const PAGE = 5;

export function pressInMain(state: Dashboard, action: MainAction): Update {
  switch (action) {
    case "up":
      return quiet(move(state, -1));
    case "down":
      return quiet(move(state, 1));
    case "pageUp":
      return quiet(page(state, -1));
    case "pageDown":
      return quiet(page(state, 1));
    case "first":
      return quiet(first(state));
    case "nextPane":
      return quiet(otherPane(state, 1));
    case "previousPane":
      return quiet(otherPane(state, -1));
    case "open":
      return quiet(open(state));
    case "filter":
      return quiet(nextFilter(state));
    case "chart":
      return quiet({ ...state, showsChart: !state.showsChart });
    case "help":
      return quiet({ ...state, dialog: { d: "help", at: 0 } });
    case "quit":
      return { state, effect: { e: "quit" } };
    case "pause":
    case "resume":
    case "retry":
      return askFor(state, action);
  }
}

/** Says no at once where the other side would, too. */
function askFor(state: Dashboard, what: "pause" | "resume" | "retry"): Update {
  const job = selectedJob(state);
  if (job === null) return quiet(said(state, "select a job first"));
  if (what === "pause" && !isActive(job)) return quiet(said(state, `${job.name} does not run`));
  if (what === "resume" && !isRecoverable(job)) {
    return quiet(
      said(
        state,
        isActive(job)
          ? `${job.name} runs already`
          : `${job.name} is over; r tries what failed again`,
      ),
    );
  }
  if (what === "retry" && isActive(job))
    return quiet(said(state, `${job.name} still runs; retry it when it is over`));
  const effect: Effect = { e: what, jobId: job.id, name: job.name };
  return { state, effect };
}

function move(state: Dashboard, by: -1 | 1): Dashboard {
  switch (state.pane) {
    case "jobs":
      return moveJob(state, by);
    case "items":
      return { ...state, steps: moveInSteps(state.steps, by) };
    case "problems":
      return moveProblem(state, by);
  }
}

function page(state: Dashboard, by: -1 | 1): Dashboard {
  switch (state.pane) {
    case "jobs":
      return moveJob(state, by * PAGE);
    case "items":
      return { ...state, steps: pageInSteps(state.steps, by) };
    case "problems":
      return moveProblem(state, by * PAGE);
  }
}

function first(state: Dashboard): Dashboard {
  switch (state.pane) {
    case "jobs":
      return selectJob(state, state.jobs?.[0]?.id ?? null);
    case "items":
      return {
        ...state,
        steps: {
          ...firstPage(state.steps.filter),
          rows: state.steps.trail.length === 1 ? state.steps.rows : null,
          next: state.steps.trail.length === 1 ? state.steps.next : null,
        },
      };
    case "problems":
      return moveProblem(state, -state.problems.rows.length);
  }
}

function moveJob(state: Dashboard, by: number): Dashboard {
  const jobs = state.jobs ?? [];
  const index = jobs.findIndex(({ id }) => id === state.jobId);
  return selectJob(state, jobs[within(index + by, jobs.length)]?.id ?? state.jobId);
}

function moveProblem(state: Dashboard, by: number): Dashboard {
  const { rows, at } = state.problems;
  return { ...state, problems: { rows, at: within(at + by, rows.length) } };
}

function otherPane(state: Dashboard, by: 1 | -1): Dashboard {
  const layout = layoutOf(state);
  const panes = (["jobs", "items", "problems"] as const).filter((pane) => layout[pane] !== null);
  const index = panes.indexOf(state.pane);
  const next: PaneId | undefined = panes[(index + by + panes.length) % panes.length];
  return { ...state, pane: next ?? "jobs" };
}

/** A job that waits asks what to do; any other leads to its items; a line there shows all that is known of it. */
function open(state: Dashboard): Dashboard {
  if (state.pane === "jobs") {
    const job = selectedJob(state);
    if (job === null) return state;
    if (isRecoverable(job))
      return { ...state, dialog: { d: "recovery", jobId: job.id, choice: 0 } };
    return { ...state, pane: "items", showsChart: false };
  }
  const step =
    state.pane === "items"
      ? state.steps.rows?.[state.steps.at]
      : state.problems.rows[state.problems.at];
  return step === undefined ? state : { ...state, dialog: { d: "details", step, at: 0 } };
}

function nextFilter(state: Dashboard): Dashboard {
  const index = stepFilters.indexOf(state.steps.filter);
  return {
    ...state,
    pane: "items",
    showsChart: false,
    steps: firstPage(stepFilters[(index + 1) % stepFilters.length] ?? "all"),
  };
}

function quiet(state: Dashboard): Update {
  return { state, effect: null };
}

function said(state: Dashboard, text: string): Dashboard {
  return { ...state, notice: { text, tone: "bad", until: state.now + 6_000 } };
}

function within(index: number, length: number): number {
  return Math.max(0, Math.min(index, length - 1));
}
