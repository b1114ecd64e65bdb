/** The ladder by which running work is ended: asked, then SIGTERM, then SIGKILL of the group. Pure; times by the fair clock. */

export type Rung = "cancel" | "SIGTERM" | "SIGKILL";

export interface Ladder {
  /** For people: why it is ended. */
  readonly why: string;
  /** The attempt that is cancelled, or null when the whole worker is to go. */
  readonly attemptId: number | null;
  /** Whether the step has done something wrong, or someone wanted it ended. */
  readonly blame: "step" | "nobody";
  readonly due: readonly (readonly [Rung, number])[];
}

export function raiseLadder(
  given: Pick<Ladder, "why" | "attemptId" | "blame">,
  now: number,
  timing: { readonly graceMs: number; readonly cancelMs: number; readonly termMs: number },
): Ladder {
  const cancelAt = now + timing.graceMs;
  const termAt = cancelAt + timing.cancelMs;
  return {
    ...given,
    due: [
      ["cancel", cancelAt],
      ["SIGTERM", termAt],
      ["SIGKILL", termAt + timing.termMs],
    ],
  };
}

/** What is due by now, and the ladder without it. */
export function climb(ladder: Ladder, now: number): { rungs: readonly Rung[]; rest: Ladder } {
  const isDue = ([, at]: readonly [Rung, number]) => at <= now;
  return {
    rungs: ladder.due.filter(isDue).map(([rung]) => rung),
    rest: { ...ladder, due: ladder.due.filter((each) => !isDue(each)) },
  };
}

/** The ladder that ends sooner: told a second time to stop, with less grace, a worker gets less. */
export function hasten(raised: Ladder | null, next: Ladder): Ladder {
  const endOf = (ladder: Ladder) => ladder.due.at(-1)?.[1] ?? -Infinity;
  return raised !== null && endOf(raised) <= endOf(next) ? raised : next;
}
