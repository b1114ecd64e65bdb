/** The dashboard's life: keys and data make states, states make pictures, until the person leaves. I/O (terminal, control). */
import type { Control, RemoteControl } from "@knowledge-chipper/core/reading";
import { createConnection, type Reach } from "./follow/connection.ts";
import type { Wanted } from "./follow/follow-home.ts";
import { createPainter } from "./painter.ts";
import { stepRoom } from "./panels/items-panel.ts";
import { inside } from "./rows/frame.ts";
import { openScreen } from "./screen/open-screen.ts";
import type { EndingSignal } from "./screen/terminal-guard.ts";
import { emptyDashboard, isActive, selectedJob, type Dashboard } from "./state/dashboard.ts";
import type { Message } from "./state/message.ts";
import { update } from "./state/update.ts";
import { layoutOf, viewOf } from "./view.ts";

/** Why the dashboard ended: a key of the person, or a signal. */
export type QuitReason = "key" | EndingSignal;

export interface DashboardOptions extends Reach {
  /** Closed by whoever made it. */
  readonly control: Control | RemoteControl;
  /** Default true; everything reads without it. */
  readonly color?: boolean;
  readonly onQuit?: (why: QuitReason) => void;
}

/** Takes the terminal over until the person leaves; resolves when it is given back. */
export async function runDashboard(options: DashboardOptions): Promise<void> {
  const ended = Promise.withResolvers<QuitReason>();
  const screen = openScreen({
    hasColor: options.color !== false,
    onKey: (key) => tell({ m: "key", key }),
    onResize: (size) => tell({ m: "resize", size }),
    onSignal: (signal) => ended.resolve(signal),
  });
  let state = emptyDashboard(screen.size(), Date.now());
  const painter = createPainter(() => screen.paint(viewOf(state)));
  const connection = createConnection(options.control, options, tell);

  function tell(message: Message): void {
    const before = state;
    const done = update(before, message, Date.now());
    state = done.state;
    connection.look(wantedBy(state));
    painter.ask(isUrgent(message, before, state));
    if (done.effect?.e === "quit") ended.resolve("key");
    else if (done.effect !== null) connection.perform(done.effect);
  }

  const clock = setInterval(() => tell({ m: "tick" }), 1_000);
  painter.ask(true);
  connection.open();
  try {
    const why = await ended.promise;
    options.onQuit?.(why);
  } finally {
    clearInterval(clock);
    painter.close();
    screen.close();
    await connection.close();
  }
}

/** What the person did, and what a place waits for that says "reading". */
function isUrgent({ m }: Message, before: Dashboard, after: Dashboard): boolean {
  if (m === "key" || m === "resize") return true;
  if (before.jobs === null) return after.jobs !== null;
  return before.steps.rows === null && after.steps.rows !== null;
}

/** What the picture needs of the other side. */
function wantedBy(state: Dashboard): Wanted {
  const { jobId } = state;
  const job = selectedJob(state);
  const { items } = layoutOf(state);
  const { filter, trail } = state.steps;
  const hasPage = jobId !== null && items !== null;
  return {
    jobId,
    isActive: job !== null && isActive(job),
    page: hasPage
      ? { jobId, filter, cursor: trail.at(-1) ?? null, limit: stepRoom(state, inside(items)) }
      : null,
  };
}
