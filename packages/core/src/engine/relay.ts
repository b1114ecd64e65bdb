/** Lets a worker outlive the shift that started it: each shift listens in turn, and the account of models all the time. Host. */
import type { RestartDecision } from "../schedule/restart.ts";
import type { WorkerExit, WorkerListener } from "../supervisor/port.ts";
import type { Models } from "./models.ts";

/** What a shift hears of its worker; at its death also whether its kind is restarted again. */
export type CrewListener = Omit<WorkerListener, "onExit"> & {
  onExit(exit: WorkerExit, restart: RestartDecision): void;
};

export interface Relay {
  to: CrewListener;
  readonly listener: WorkerListener;
}

export function createRelay(
  to: CrewListener,
  models: Models,
  worker: number,
  onGone: (exit: WorkerExit) => RestartDecision,
): Relay {
  const relay: Relay = {
    to,
    listener: {
      onFact: (fact) => {
        if (fact.fact !== "model") return relay.to.onFact(fact);
        if (fact.what === "used") models.used(worker, fact.attempt, fact.key);
        else models.gone(worker, fact.key);
      },
      onResults: (results) => {
        for (const { attemptId } of results) models.endUse(worker, attemptId);
        return relay.to.onResults(results);
      },
      onLoadModel: (attempt, key, bytes) => models.ask(worker, attempt, key, bytes),
      onCheckpoint: (attemptId, change) => relay.to.onCheckpoint(attemptId, change),
      onExit: (exit) => {
        relay.to.onExit(exit, onGone(exit));
      },
    },
  };
  return relay;
}

/** Hears an idle worker: it holds no step, so there is nothing to answer. */
export const nobody: CrewListener = {
  onFact: () => {},
  onResults: () => Promise.resolve(),
  onCheckpoint: () => Promise.resolve(),
  onExit: () => {},
};
