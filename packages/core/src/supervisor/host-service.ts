/** What a worker may call on the host: reports and checkpoints, noted in its record and passed on. Host. */
import {
  SETUP,
  type Fact,
  type hostMethods,
  type Local,
  type StepResult,
} from "../rpc/contract.ts";
import { ProtocolError } from "../rpc/errors.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Reports without a result that a worker may send in a second: an honest one waits 2 ms, and for the answer to the last. */
const MAX_MERE_REPORTS = 2_000;

type Result = { attemptId: number; result: StepResult };

/** @param refuse ends the worker: it broke the rules in a way that no schema sees */
export function hostService(
  record: WorkerRecord,
  refuse: (error: ProtocolError) => void,
): Local<typeof hostMethods> {
  const flood = { since: record.clock.now(), reports: 0 };
  const isFlood = () => {
    const now = record.clock.now();
    if (now - flood.since > 1_000) Object.assign(flood, { since: now, reports: 0 });
    flood.reports += 1;
    return flood.reports > MAX_MERE_REPORTS;
  };

  return {
    report: async (facts) => {
      record.heardAt = record.clock.now();
      const results: Result[] = [];
      for (const fact of facts) {
        if (fact.fact !== "result") {
          note(record, fact);
          continue;
        }
        const { attemptId } = fact;
        if (!record.steps.remove(attemptId)) {
          refuse(new ProtocolError(`a result for attempt ${attemptId}, which it does not have`));
          break;
        }
        results.push({ attemptId, result: finish(record, attemptId, fact.result) });
      }
      if (results.length === 0 && isFlood()) {
        refuse(new ProtocolError(`more than ${MAX_MERE_REPORTS} reports in a second`));
      }
      if (results.length > 0) await record.listener.onResults(results);
      return null;
    },

    loadModel: async (attempt, key, bytes) => {
      record.heardAt = record.clock.now();
      if (attempt === SETUP && !record.ready) {
        record.awaited += 1;
        try {
          await record.listener.onLoadModel?.(attempt, key, bytes);
        } finally {
          record.awaited -= 1;
          record.startedAt = record.clock.now();
        }
        return null;
      }
      const step = record.steps.get(attempt);
      if (step === undefined)
        throw new Error(`the step is over: ${key} is not loaded for it any more`);
      step.saving += 1;
      try {
        await record.listener.onLoadModel?.(attempt, key, bytes);
      } finally {
        step.saving -= 1;
        step.signAt = record.clock.now();
      }
      return null;
    },

    saveCheckpoint: async (attemptId, change) => {
      const now = record.clock.now();
      record.heardAt = now;
      const step = record.steps.get(attemptId);
      if (step === undefined) throw new Error("the step is over: its checkpoint is no longer kept");
      step.saving += 1;
      try {
        await record.listener.onCheckpoint(attemptId, change);
      } finally {
        step.saving -= 1;
        step.signAt = record.clock.now();
      }
      return null;
    },
  };
}

function note(record: WorkerRecord, fact: Exclude<Fact, { fact: "result" }>): void {
  const now = record.clock.now();
  switch (fact.fact) {
    case "started":
      record.steps.begin(fact.attemptId, now, performance.now());
      record.logs.turnTo(fact.attemptId);
      break;
    case "progress": {
      const step = record.steps.get(fact.attemptId);
      if (step === undefined) return;
      step.signAt = now;
      const { fraction, message } = fact;
      step.progress = message === undefined ? { fraction } : { fraction, message };
      break;
    }
    case "extend": {
      const step = record.steps.get(fact.attemptId);
      if (step === undefined) return;
      step.signAt = now;
      step.extendedUntil = now + fact.ms;
      break;
    }
    case "sign": {
      const step = record.steps.get(fact.attemptId);
      if (step !== undefined) step.signAt = now;
      return;
    }
    case "log":
      record.logs.addFact(fact);
      return;
    case "last-words":
      record.lastWords = fact.error as WorkerRecord["lastWords"];
      record.logs.addLine("error", `${fact.error.name}: ${fact.error.message}`, 0);
      return;
    case "model":
      // Asked for when nothing of it runs any more: nobody would ever say that this use is over.
      if (fact.what === "used" && !mayUse(record, fact.attempt)) return;
      break;
    case "heartbeat":
      record.claimedBytes = fact.rssBytes;
      break;
  }
  record.listener.onFact(fact);
}

function mayUse({ ready, steps }: WorkerRecord, attempt: number): boolean {
  return attempt === SETUP ? !ready : steps.get(attempt) !== undefined;
}

/** Ends what belonged to the step; one that only stopped because it was too slow fails for that reason. */
function finish(record: WorkerRecord, attemptId: number, result: StepResult): StepResult {
  record.done += 1;
  record.logs.settle();
  const { ladder, overdue } = record;
  // After a SIGTERM there is no way back.
  const isClimbed = ladder !== null && ladder.due.length < 2;
  if (ladder?.attemptId === attemptId && !isClimbed) record.ladder = null;
  if (overdue?.attemptId !== attemptId) return result;
  record.overdue = null;
  if (result.ok) return result;
  return { ...result, kind: "error", error: overdue.ended.error };
}
