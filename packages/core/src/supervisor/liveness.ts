/** Decides from plain facts whether a worker still lives and its step still moves. Pure; every time is by the fair clock. */
import type { Hold } from "./hold.ts";
import type { WorkerLimits } from "./port.ts";

/** A process that cannot run (Ctrl-Z, a debugger, a disk, swap) is given this many times as long. */
const HELD_FACTOR = 10;

export interface LivenessView {
  readonly now: number;
  readonly startedAt: number;
  readonly ready: boolean;
  /** Last message of any kind. */
  readonly heardAt: number;
  /** The step that has begun. */
  readonly step: {
    readonly begunAt: number;
    readonly signAt: number;
    readonly extendedUntil: number;
  } | null;
  /** What keeps the process from running; null: nobody has looked. */
  readonly hold: Hold | null;
  readonly limits: Pick<
    WorkerLimits,
    "startupTimeoutMs" | "heartbeatTimeoutMs" | "progressTimeoutMs" | "stepTimeoutMs"
  >;
}

export type LivenessVerdict =
  | { readonly verdict: "fine" }
  /** Something is overdue: look at the process's state and ask again. */
  | { readonly verdict: "look" }
  | { readonly verdict: "not-started"; readonly afterMs: number }
  | { readonly verdict: "unresponsive"; readonly silentMs: number; readonly hold: Hold }
  | { readonly verdict: "stalled"; readonly forMs: number }
  | { readonly verdict: "overtime"; readonly afterMs: number };

export function decideLiveness(view: LivenessView): LivenessVerdict {
  const { now, limits, step } = view;
  // One that beats and was caught waiting for its disk is at work.
  const isSilent = now - view.heardAt > limits.heartbeatTimeoutMs;
  const isHeld = view.hold === "stopped" || (view.hold === "waiting" && isSilent);
  const patience = isHeld ? HELD_FACTOR : 1;
  const announced = step?.extendedUntil ?? 0;
  const over = (since: number, limitMs: number) =>
    now - since > limitMs * patience && now > announced;

  if (!view.ready && over(view.startedAt, limits.startupTimeoutMs)) {
    return looked(view, { verdict: "not-started", afterMs: now - view.startedAt });
  }
  // Before it is ready a heavy import or model may block it: the startup timeout holds.
  if (view.ready && over(view.heardAt, limits.heartbeatTimeoutMs)) {
    const silentMs = now - view.heardAt;
    return looked(view, { verdict: "unresponsive", silentMs, hold: view.hold ?? "none" });
  }
  if (step === null) return { verdict: "fine" };
  if (limits.stepTimeoutMs !== null && now - step.begunAt > limits.stepTimeoutMs * patience) {
    return looked(view, { verdict: "overtime", afterMs: now - step.begunAt });
  }
  if (over(step.signAt, limits.progressTimeoutMs)) {
    return looked(view, { verdict: "stalled", forMs: now - step.signAt });
  }
  return { verdict: "fine" };
}

/** A verdict is spoken only over a process whose state is known. */
function looked(view: LivenessView, verdict: LivenessVerdict): LivenessVerdict {
  return view.hold === null ? { verdict: "look" } : verdict;
}
