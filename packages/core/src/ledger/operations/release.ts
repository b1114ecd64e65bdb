/** Giving steps back with no attempt counted: drained, or waiting behind the culprit of a crash. Writer thread, I/O (SQLite). */
import { GATHER, STATE } from "../codes.ts";
import type { AttemptId } from "../../model/step.ts";
import type { Store } from "../writer/store.ts";
import { forgettingIntents } from "./forget-intents.ts";
import { findingRunningSteps } from "./running-step.ts";

export interface Release {
  readonly attemptId: AttemptId;
  readonly why: string;
  readonly alone?: boolean;
}

export function releasing(store: Store) {
  const findRunning = findingRunningSteps(store);
  const forgetIntent = forgettingIntents(store);
  const giveBack = store.prepare(
    `UPDATE steps SET state = ${STATE.queued}, ready_at = 0, attempt = NULL, owner = NULL, started = started - 1,
       alone = max(alone, ?)
     WHERE job = ? AND item = ? AND stage = ?`,
  );
  const queueItem = store.prepare(
    `UPDATE items SET state = ${STATE.queued} WHERE job = ? AND idx = ?`,
  );

  return {
    /** Attempts that no longer run their step are passed over: there is nothing to give back. */
    release(releases: readonly Release[]): void {
      const at = Date.now();
      for (const { attemptId, why, alone } of releases) {
        const step = findRunning(attemptId);
        if (step === null) continue;
        forgetIntent(attemptId);
        const { job, item, stage } = step;
        giveBack.run(alone === true ? 1 : 0, job.id, item, stage);
        store.addTotals(job, { attempts: -1 }, at);
        store.emit("step:released", at, step.place, { attemptId, why });
        if (item === GATHER) continue;
        queueItem.run(job.id, item);
        store.emit("item:state", at, step.itemPlace, { state: "queued" });
      }
    },
  };
}
