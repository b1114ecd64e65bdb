/** Signs and words for states: each state has its own sign, so that nothing rests on colour. Shared, pure. */
import type { ItemState, Job, JobState } from "@knowledge-chipper/core/reading";
import type { Tone } from "./row.ts";

interface Mark {
  readonly sign: string;
  readonly tone: Tone;
}

export const jobMarks: Readonly<Record<JobState, Mark>> = {
  planned: { sign: "·", tone: "plain" },
  running: { sign: "▶", tone: "accent" },
  draining: { sign: "◐", tone: "accent" },
  paused: { sign: "‖", tone: "bad" },
  interrupted: { sign: "!", tone: "bad" },
  completed: { sign: "✓", tone: "good" },
  completed_with_problems: { sign: "✗", tone: "bad" },
  cancelled: { sign: "–", tone: "dim" },
};

export const itemMarks: Readonly<Record<ItemState, Mark>> = {
  queued: { sign: "·", tone: "dim" },
  running: { sign: "▶", tone: "accent" },
  retrying: { sign: "↻", tone: "plain" },
  completed: { sign: "✓", tone: "good" },
  failed: { sign: "✗", tone: "bad" },
  quarantined: { sign: "⊘", tone: "bad" },
  skipped: { sign: "»", tone: "dim" },
  cancelled: { sign: "–", tone: "dim" },
};

/** `2 running`: what a person reads. */
export function jobStateText({ state, items }: Job): string {
  if (state === "draining") return "pausing: what runs finishes";
  if (state !== "completed_with_problems") return state;
  const bad = items.failed + items.quarantined;
  return bad === 0 ? "completed with problems" : `completed, ${bad} of ${items.total} not`;
}
