/** Intents: what is about to be published, durable before any rename. Writer thread, I/O (SQLite). */
import { bytesToHex, pathKey } from "../names.ts";
import type { Intent, IntendedOutput, Verdict } from "../port.ts";
import type { Store } from "../writer/store.ts";
import { accepted, findingRunningSteps, refused, stale, type RunningStep } from "./running-step.ts";

interface OwnerColumns {
  sha256: Uint8Array;
  job: number | null;
  item: number | null;
  stage: number | null;
}

export function intending(store: Store) {
  const findRunning = findingRunningSteps(store);
  const findIntent = store.prepare<{ attempt: number }, [number]>(
    "SELECT attempt FROM intents WHERE attempt = ?",
  );
  const deleteIntent = store.prepare("DELETE FROM intents WHERE attempt = ?");
  const deleteTargets = store.prepare("DELETE FROM intent_targets WHERE attempt = ?");
  const insertIntent = store.prepare(
    "INSERT INTO intents (attempt, job, item, stage, duration_ms, meta, outputs) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const insertTarget = store.prepare("INSERT INTO intent_targets (path, attempt) VALUES (?, ?)");
  const findTarget = store.prepare<{ attempt: number }, [string]>(
    "SELECT attempt FROM intent_targets WHERE path = ?",
  );
  const findOwner = store.prepare<OwnerColumns, [number, string]>(
    "SELECT sha256, job, item, stage FROM outputs WHERE path_key = ? AND path = ?",
  );

  return {
    intend(intents: readonly Intent[]): Verdict[] {
      return intents.map(intendOne);
    },
  };

  function intendOne(intent: Intent): Verdict {
    const { attemptId } = intent;
    const step = findRunning(attemptId);
    if (step === null) return stale(attemptId);
    const conflict = findConflict(step, intent);
    if (conflict !== null) return refused(attemptId, "commit_conflict", conflict);
    // Said again after a full disk cut its commit short: what counts is what is said last.
    if (findIntent.get(attemptId) !== null) {
      deleteIntent.run(attemptId);
      deleteTargets.run(attemptId);
    }
    insertIntent.run(
      attemptId,
      step.job.id,
      step.item,
      step.stage,
      intent.durationMs,
      JSON.stringify(intent.meta),
      JSON.stringify(intent.outputs),
    );
    for (const output of intent.outputs) {
      insertTarget.run(output.targetPath, attemptId);
    }
    return accepted(attemptId);
  }

  function findConflict(step: RunningStep, intent: Intent): string | null {
    const targets = new Set<string>();
    for (const output of intent.outputs) {
      if (targets.has(output.targetPath))
        return `two outputs of one step are named ${output.targetPath}`;
      targets.add(output.targetPath);
      const rival = findTarget.get(output.targetPath);
      if (rival !== null && rival.attempt !== step.attemptId) {
        return `${output.targetPath} is being published by another step at this moment`;
      }
      const owner = findOwner.get(pathKey(output.targetPath), output.targetPath);
      const conflict = owner === null ? null : conflictWith(owner, step, output);
      if (conflict !== null) return conflict;
    }
    return null;
  }

  function conflictWith(
    owner: OwnerColumns,
    step: RunningStep,
    output: IntendedOutput,
  ): string | null {
    const ownStep = owner.item === step.item && owner.stage === step.stage;
    if (owner.job === step.job.id && !ownStep) {
      return `${output.targetPath} was made by another step of this job`;
    }
    const { previousSha256: previous } = output;
    if (output.isMarked === true) return null;
    if (previous !== null && previous !== "*" && previous !== bytesToHex(owner.sha256)) {
      return `${output.targetPath} was replaced since it was looked at`;
    }
    return null;
  }
}
