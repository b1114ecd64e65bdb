/** Claiming: steps become running, each with a fencing token of its own. Writer thread, I/O (SQLite). */
import { GATHER, STATE } from "../codes.ts";
import {
  ARTIFACT_COLUMNS,
  artifactFromRow,
  ITEM_COLUMNS,
  type ArtifactColumns,
  type ItemColumns,
  itemFromRow,
} from "../names.ts";
import type { Claim, ClaimRequest, ItemRow } from "../port.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";

interface StepColumns {
  started: number;
  failed: number;
  crashed: number;
  spent: number;
  out_of_memory: number;
}

export function claiming(store: Store) {
  // Those whose waiting time is over come before those that never ran, so that nothing waits for the end of the job.
  const findDue = store.prepare<{ item: number }, [number, number, number, number, number]>(
    `SELECT item FROM steps WHERE job = ? AND stage = ? AND alone = ? AND ready_at > 0 AND ready_at <= ?
     ORDER BY ready_at, item LIMIT ?`,
  );
  const findQueued = store.prepare<{ item: number }, [number, number, number, number]>(
    `SELECT item FROM steps WHERE job = ? AND stage = ? AND alone = ? AND ready_at = 0 ORDER BY item LIMIT ?`,
  );
  const findStep = store.prepare<StepColumns, [number, number, number]>(
    `SELECT started, failed, crashed, spent, out_of_memory FROM steps WHERE job = ? AND item = ? AND stage = ?`,
  );
  const start = store.prepare(
    `UPDATE steps SET state = ${STATE.running}, ready_at = NULL, attempt = ?, owner = ?, started = started + 1,
       problem = NULL
     WHERE job = ? AND item = ? AND stage = ?`,
  );
  const findItem = store.prepare<ItemColumns, [number, number]>(
    `SELECT ${ITEM_COLUMNS} FROM items i WHERE i.job = ? AND i.idx = ?`,
  );
  const startItem = store.prepare(
    `UPDATE items SET state = ${STATE.running} WHERE job = ? AND idx = ?`,
  );
  const findArtifacts = store.prepare<ArtifactColumns, [number, number, number]>(
    `SELECT ${ARTIFACT_COLUMNS} FROM outputs o JOIN steps s USING (job, item, stage)
     WHERE o.job = ? AND o.item = ? AND o.stage < ? ORDER BY o.stage DESC, o.ord`,
  );

  return {
    claim(request: ClaimRequest): Claim[] {
      const job = store.job(request.jobId);
      const at = Date.now();
      const { stage, items, alone } = choose(job, request);
      const claims = items.map((item) => startStep(job, stage, item, alone, request.owner, at));
      if (claims.length > 0) store.addTotals(job, { attempts: claims.length }, at);
      return claims;
    },
  };

  function choose(
    job: JobFacts,
    request: ClaimRequest,
  ): { stage: number; items: readonly number[]; alone: boolean } {
    for (const stage of request.stages) {
      const items = runnable(job.id, stage, 0, request, request.limit);
      if (items.length > 0) return { stage, items, alone: false };
      if (request.alone === false) continue;
      const single = runnable(job.id, stage, 1, request, Math.min(1, request.limit));
      if (single.length > 0) return { stage, items: single, alone: true };
    }
    return { stage: 0, items: [], alone: false };
  }

  function runnable(
    job: number,
    stage: number,
    alone: number,
    { now, untriedFirst }: ClaimRequest,
    limit: number,
  ): number[] {
    const due = (most: number) => findDue.all(job, stage, alone, now, most);
    const untried = (most: number) => findQueued.all(job, stage, alone, most);
    const [first, then] = untriedFirst === true ? [untried, due] : [due, untried];
    const rows = first(limit);
    if (rows.length < limit) rows.push(...then(limit - rows.length));
    return rows.map((row) => row.item);
  }

  function startStep(
    job: JobFacts,
    stage: number,
    item: number,
    alone: boolean,
    owner: string,
    at: number,
  ): Claim {
    const step = findStep.get(job.id, item, stage);
    if (step === null) {
      throw new Error(`step ${job.ref}/${item}/${stage} vanished while it was claimed`);
    }
    const attemptId = store.nextNumber();
    start.run(attemptId, owner, job.id, item, stage);
    const itemRow = item === GATHER ? null : startOf(job, item);
    const artifacts =
      stage === 0 ? [] : findArtifacts.all(job.id, item, stage).map(artifactFromRow);
    const place =
      itemRow === null ? { job, item, stage } : { job, item, stage, name: itemRow.relativePath };
    store.emit("step:started", at, place, { attemptId });
    if (itemRow !== null) store.emit("item:state", at, itemPlace(place), { state: "running" });
    return {
      attemptId,
      jobId: job.ref,
      stage,
      item: itemRow,
      artifacts,
      attempts: { started: step.started + 1, failed: step.failed, crashed: step.crashed },
      spent: step.spent,
      outOfMemory: step.out_of_memory,
      alone,
    };
  }

  function startOf(job: JobFacts, item: number): ItemRow {
    const row = findItem.get(job.id, item);
    if (row === null) throw new Error(`item ${job.ref}/${item} vanished while it was claimed`);
    startItem.run(job.id, item);
    return itemFromRow({ ...row, state: STATE.running });
  }
}

/** The same place without its stage: the item as a whole. */
function itemPlace(place: { job: JobFacts; item: number; stage: number; name?: string }) {
  const { stage: _, ...rest } = place;
  return rest;
}
