/** The steps a worker was credited and has not answered, in order, and what is known of the one that runs. Pure, clock passed in. */
import type { AttemptId } from "../model/step.ts";

export interface StepInHand {
  readonly attemptId: AttemptId;
  /** When it began, by the fair clock; null: it waits. */
  begunAt: number | null;
  /** The same by the monotonic clock, for people. */
  begunAtReal: number;
  /** Last progress, save or extension. */
  signAt: number;
  /** Silence is announced until then. */
  extendedUntil: number;
  /** Saves that the host has not written down and models it has no room for yet: it is we who are slow. */
  saving: number;
  progress: { readonly fraction: number; readonly message?: string } | null;
}

export interface StepsInHand {
  credit(attemptIds: readonly AttemptId[]): void;
  get(attemptId: AttemptId): StepInHand | undefined;
  /** Takes it out, answered or given back; returns whether it was there. */
  remove(attemptId: AttemptId): boolean;
  /** @param now by the fair clock, `real` by the monotonic one */
  begin(attemptId: AttemptId, now: number, real: number): void;
  /** The one that has begun, or null. */
  begun(): StepInHand | null;
  all(): AttemptId[];
}

export function stepsInHand(): StepsInHand {
  const steps = new Map<AttemptId, StepInHand>();
  let current: StepInHand | null = null;

  return {
    credit: (attemptIds) => {
      for (const attemptId of attemptIds) {
        steps.set(attemptId, {
          attemptId,
          begunAt: null,
          begunAtReal: 0,
          signAt: 0,
          extendedUntil: 0,
          saving: 0,
          progress: null,
        });
      }
    },
    get: (attemptId) => steps.get(attemptId),
    remove: (attemptId) => {
      if (current?.attemptId === attemptId) current = null;
      return steps.delete(attemptId);
    },
    begin: (attemptId, now, real) => {
      const step = steps.get(attemptId);
      if (step === undefined) return;
      step.begunAt = now;
      step.begunAtReal = real;
      step.signAt = now;
      current = step;
    },
    begun: () => current,
    all: () => [...steps.keys()],
  };
}
