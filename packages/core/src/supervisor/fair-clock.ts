/** A clock that our own delays cannot move: it advances at most a tick and a half between two ticks. Pure, clock passed in. */

export interface FairClock {
  /** Milliseconds since some start. */
  now(): number;
  /** To be called every `tickMs`; a late call means that we were late, and that time does not count against anybody. */
  tick(): void;
}

/** A tick may be this much late before it counts as our delay. */
const SLACK = 1.5;

export function fairClock(
  tickMs: number,
  monotonic: () => number = () => performance.now(),
): FairClock {
  let ticked = monotonic();
  let elapsed = 0;
  const sinceTick = () => Math.min(monotonic() - ticked, tickMs * SLACK);
  return {
    now: () => elapsed + sinceTick(),
    tick: () => {
      elapsed += sinceTick();
      ticked = monotonic();
    },
  };
}

/** Calls `act` after `ms` by a clock of this kind; what it returns calls that off. */
export function fairTimeout(ms: number, act: () => void): () => void {
  const tickMs = Math.min(250, Math.max(10, ms / 8));
  const clock = fairClock(tickMs);
  const timer = setInterval(() => {
    clock.tick();
    if (clock.now() < ms) return;
    clearInterval(timer);
    act();
  }, tickMs);
  return () => clearInterval(timer);
}
