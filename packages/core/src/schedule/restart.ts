/** Whether and when a worker that died is replaced: deaths in a sliding window, with nothing completed in between. Pure. */
import { restartDelayMs } from "./backoff.ts";

/** Workers of one trade that died together, or one alone. */
export interface Death {
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
  /** A step answers for it with an attempt of its own. */
  readonly blamed: boolean;
}

export interface RestartPolicy {
  /** Restarts in the window that may fail with no step to blame: `max_restart_attempts`. */
  readonly maxRestarts: number;
  /** `restart_window_seconds`, in milliseconds. */
  readonly windowMs: number;
  /** `restart_backoff_seconds`. */
  readonly backoffSeconds: readonly number[];
}

export type RestartDecision =
  | { readonly restart: true; readonly delayMs: number }
  | {
      readonly restart: false;
      readonly reason: "restart-intensity";
      /** Deaths in the window that no step answers for. */
      readonly deaths: number;
    };

/**
 * Decides over the deaths since a step of the trade was completed last: a completion ends the series, and what is older than the
 * window is forgotten, so no number of bad files among good ones ever adds up. Deaths that a step answers for lengthen the delay
 * and never end the restarts: `max_attempts` and the circuit bound those.
 * @param random 0 <= random < 1
 */
export function decideRestart(
  history: readonly Death[],
  now: number,
  { maxRestarts, windowMs, backoffSeconds }: RestartPolicy,
  random: number,
): RestartDecision {
  const recent = history.filter(({ at }) => now - at < windowMs);
  const deaths = recent.filter(({ blamed }) => !blamed).length;
  if (deaths > maxRestarts) return { restart: false, reason: "restart-intensity", deaths };
  return { restart: true, delayMs: restartDelayMs(recent.length, backoffSeconds, random) };
}

/**
 * The series with one more death. Workers that were started before the last death died with it, not after a restart: eight that
 * fall together count once.
 */
export function afterDeath(
  history: readonly Death[],
  death: Death & { readonly startedAt: number },
  windowMs: number,
): readonly Death[] {
  const recent = history.filter(({ at }) => death.at - at < windowMs);
  const last = recent.at(-1);
  const { at, blamed } = death;
  if (last === undefined || death.startedAt > last.at) return [...recent, { at, blamed }];
  return [...recent.slice(0, -1), { at: last.at, blamed: last.blamed && blamed }];
}
