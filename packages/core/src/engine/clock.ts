/** The clocks of one supervisor's life: nobody who sets the machine's clock, and no lid that is closed, moves them. Host. */
import { fairClock } from "../supervisor/fair-clock.ts";

export interface Clock {
  /**
   * Milliseconds since the epoch as this life counts them: the wall clock when it began, and steady time from then on. What waits
   * for a time waits for it by this clock.
   */
  now(): number;
  /** Milliseconds in which we were awake: time asleep or stopped does not count. For active time. */
  awake(): number;
  close(): void;
}

export interface ClockOptions {
  readonly wall?: () => number;
  readonly steady?: () => number;
  /** The wall clock was set, by so many milliseconds. */
  onMoved?(byMs: number): void;
}

const TICK_MS = 1_000;
/** Less than this is a clock that is kept right, not one that was set. */
const LEAST_MOVE_MS = 2_000;

export function startClock(options: ClockOptions = {}): Clock {
  const { wall = Date.now, steady = () => performance.now(), onMoved } = options;
  const begun = wall() - steady();
  const awake = fairClock(TICK_MS, steady);
  let offset = begun;
  const timer = setInterval(() => {
    awake.tick();
    const now = wall() - steady();
    if (Math.abs(now - offset) >= LEAST_MOVE_MS) onMoved?.(Math.round(now - offset));
    offset = now;
  }, TICK_MS);
  timer.unref();
  return {
    now: () => Math.floor(begun + steady()),
    awake: () => awake.now(),
    close: () => clearInterval(timer),
  };
}
