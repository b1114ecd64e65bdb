/** What the last owner of the home left running: put back, handed out to be rolled forward, or never was. Writer thread, I/O (SQLite). */
import { GATHER, JOB_STATE, OUTCOME, STATE } from "../codes.ts";
import {
  ARTIFACT_COLUMNS,
  type ArtifactColumns,
  artifactFromRow,
  itemIndex,
  ITEM_COLUMNS,
  type ItemColumns,
  itemFromRow,
} from "../names.ts";
import type { IntendedOutput, Rescue } from "../port.ts";
import type { Store } from "../writer/store.ts";
import { clampingRetries } from "./clamp-retries.ts";
import { settingJobState } from "./job-state.ts";
import { recordingProblems } from "./record-problem.ts";
import { SUPERVISOR_DIED } from "../supervisor-died.ts";
import { findingRunningSteps, type RunningStep } from "./running-step.ts";

interface IntentColumns {
  attempt: number;
  job: number;
  item: number;
  stage: number;
  duration_ms: number;
  meta: string;
  outputs: string;
}

export function rescuing(store: Store) {
  const findRunning = findingRunningSteps(store);
  const recordProblem = recordingProblems(store);
  const setJobState = settingJobState(store);
  const clampRetries = clampingRetries(store);
  const listUnplanned = store.prepare<{ id: number }, []>("SELECT id FROM jobs WHERE planned = 0");
  const deletes = ["items WHERE job", "job_status WHERE job", "jobs WHERE id"].map((where) =>
    store.prepare(`DELETE FROM ${where} = ?`),
  );
  const listOrphans = store.prepare<{ attempt: number }, []>(
    "SELECT attempt FROM steps WHERE attempt IS NOT NULL AND attempt NOT IN (SELECT attempt FROM intents) ORDER BY attempt",
  );
  const requeue = store.prepare(
    `UPDATE steps SET state = ${STATE.queued}, ready_at = 0, alone = 1, attempt = NULL, owner = NULL
     WHERE job = ? AND item = ? AND stage = ?`,
  );
  const queueItem = store.prepare(
    `UPDATE items SET state = ${STATE.queued} WHERE job = ? AND idx = ?`,
  );
  const listIntents = store.prepare<IntentColumns, []>(
    "SELECT attempt, job, item, stage, duration_ms, meta, outputs FROM intents ORDER BY attempt",
  );
  const findItem = store.prepare<ItemColumns, [number, number]>(
    `SELECT ${ITEM_COLUMNS} FROM items i WHERE i.job = ? AND i.idx = ?`,
  );
  const findArtifacts = store.prepare<ArtifactColumns, [number, number, number]>(
    `SELECT ${ARTIFACT_COLUMNS} FROM outputs o JOIN steps s USING (job, item, stage)
     WHERE o.job = ? AND o.item = ? AND o.stage < ? ORDER BY o.stage DESC, o.ord`,
  );
  const listInterrupted = store.prepare<{ job: number }, []>(
    `SELECT job FROM job_status WHERE state IN (${JOB_STATE.running}, ${JOB_STATE.draining}) ORDER BY job`,
  );
  const countDeath = store.prepare("UPDATE job_status SET deaths = deaths + 1 WHERE job = ?");

  return {
    rescue(): Rescue {
      const at = Date.now();
      for (const { id } of listUnplanned.all()) {
        store.forgetJob(store.jobById(id));
        for (const statement of deletes) statement.run(id);
      }
      const requeued = listOrphans.all().flatMap(({ attempt }) => {
        const step = findRunning(attempt);
        if (step === null) return [];
        requeueStep(step, at);
        return [{ jobId: step.job.ref, attemptId: attempt }];
      });
      clampRetries(at);
      const interruptedJobs = listInterrupted.all().map(({ job: id }) => {
        const job = store.jobById(id);
        countDeath.run(id);
        setJobState(job, "interrupted", SUPERVISOR_DIED, at);
        return job.ref;
      });
      return { requeued, intents: listIntents.all().map(openIntent), interruptedJobs };
    },
  };

  function requeueStep(step: RunningStep, at: number): void {
    const { job, item, stage, attemptId, started, failed, crashed } = step;
    requeue.run(job.id, item, stage);
    recordProblem({
      id: attemptId,
      job: job.id,
      item,
      stage,
      outcome: OUTCOME.orphaned,
      at,
      counts: { started, failed, crashed },
      error: {
        name: "Error",
        code: "orphaned",
        message: "the supervisor died while this attempt ran",
      },
    });
    store.emit("step:released", at, step.place, { attemptId, why: "orphaned" });
    if (item === GATHER) return;
    queueItem.run(job.id, item);
    store.emit("item:state", at, step.itemPlace, { state: "queued" });
  }

  function openIntent(row: IntentColumns): Rescue["intents"][number] {
    const item = itemIndex(row.item) === null ? null : findItem.get(row.job, row.item);
    return {
      attemptId: row.attempt,
      jobId: store.jobById(row.job).ref,
      stage: row.stage,
      item: item === null ? null : itemFromRow(item),
      artifacts: findArtifacts.all(row.job, row.item, row.stage).map(artifactFromRow),
      outputs: JSON.parse(row.outputs) as IntendedOutput[],
      meta: JSON.parse(row.meta) as Record<string, unknown>,
      durationMs: row.duration_ms,
    };
  }
}
