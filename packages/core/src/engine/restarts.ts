/** The deaths of each trade's workers, and the waits for its next start. Host. */
import {
  afterDeath,
  decideRestart,
  type Death,
  type RestartDecision,
  type RestartPolicy,
} from "../schedule/restart.ts";

export interface Restarts {
  /** A worker of the trade died; says whether its kind is restarted again. */
  died(key: string, startedAt: number, blamed: boolean): RestartDecision;
  /** The series of deaths is over, and with it the wait of whoever waits. */
  forgive(key: string): void;
  /** One may be had without a start: whoever waits looks again. */
  ring(key: string): void;
  /** Milliseconds that a start of now, wanted since `since`, has to wait yet. */
  leftMs(key: string, since: number, random: number): number;
  /** Waits for so long, for a ring, or for the signal. */
  wait(key: string, ms: number, signal: AbortSignal): Promise<void>;
  /** Ends all waits. */
  close(): void;
}

/** @param now milliseconds of a monotonic clock */
export function createRestarts(policy: RestartPolicy, now: () => number): Restarts {
  const deaths = new Map<string, readonly Death[]>();
  const waiting = new Map<string, Set<() => void>>();

  const ring = (key: string) => {
    for (const wake of waiting.get(key) ?? []) wake();
  };

  return {
    died(key, startedAt, blamed) {
      const at = now();
      const before = deaths.get(key) ?? [];
      const history = afterDeath(before, { at, blamed, startedAt }, policy.windowMs);
      deaths.set(key, history);
      return decideRestart(history, at, policy, 0);
    },
    forgive(key) {
      if (deaths.delete(key)) ring(key);
    },
    ring,
    leftMs(key, since, random) {
      // Whether to go on at all was decided at the death; whoever starts all the same waits as long as any.
      const patient = { ...policy, maxRestarts: Infinity };
      const decision = decideRestart(deaths.get(key) ?? [], now(), patient, random);
      return (decision.restart ? decision.delayMs : 0) - (now() - since);
    },
    wait(key, ms, signal) {
      const wakes = waiting.get(key) ?? new Set();
      waiting.set(key, wakes);
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wakes.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener("abort", done);
        wakes.add(done);
      });
    },
    close() {
      for (const key of waiting.keys()) ring(key);
    },
  };
}
