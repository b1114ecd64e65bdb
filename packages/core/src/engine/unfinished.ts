/** What a dead supervisor had intended and not finished: published and completed, as soon as its disk takes it. Host. */
import type { Committer, UnfinishedIntent } from "../commit/committer.ts";
import { INTENT_WAITS } from "../commit/refusals.ts";
import type { Ledger, Rescue } from "../ledger/port.ts";
import type { Job } from "../model/job.ts";
import { nextStageOf } from "./next-stage.ts";

export interface Unfinished {
  /** Whether an attempt still waits: its staged files are needed. */
  has(attemptId: number): boolean;
  /** Tries everything once; what a disk refuses stays for its job. */
  tryAll(): Promise<void>;
  /** Finishes what is left of a job, however long its disk takes. */
  finish(jobId: string): Promise<void>;
}

export function unfinishedWork(
  found: Rescue["intents"],
  ledger: Ledger,
  committer: Pick<Committer, "rollForward">,
): Unfinished {
  const open = new Map<number, UnfinishedIntent>(
    found.map((intent) => [intent.attemptId, toFinish(intent, ledger.job(intent.jobId))]),
  );

  const finish = async (intents: readonly UnfinishedIntent[], wait: boolean): Promise<void> => {
    if (intents.length === 0) return;
    for (const verdict of await committer.rollForward(intents, { wait })) {
      const { attemptId } = verdict;
      if (!verdict.ok && verdict.error.code === INTENT_WAITS) continue;
      open.delete(attemptId);
      if (verdict.ok || verdict.error.code === "stale_attempt") continue;
      const { error } = verdict;
      // Anything but a conflict may pass (a drive that is not mounted yet): the step runs again, alone.
      if (error.code === "commit_conflict") {
        await ledger.fail([{ attemptId, error, durationMs: 0, then: { do: "fail" } }]);
      } else {
        await ledger.release([{ attemptId, why: error.message, alone: true }]);
      }
    }
  };

  return {
    has: (attemptId) => open.has(attemptId),
    tryAll: () => finish([...open.values()], false),
    finish: (jobId) =>
      finish(
        [...open.values()].filter((intent) => intent.jobId === jobId),
        true,
      ),
  };
}

function toFinish(intent: Rescue["intents"][number], job: Job | null): UnfinishedIntent {
  return {
    ...intent,
    outDir: job?.outDir ?? "",
    next: (roles) => (job === null ? null : nextStageOf({ job }, intent, intent.stage, roles)),
  };
}
