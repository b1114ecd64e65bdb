/** The files that are ours: made by a step, detached from it, known as ours for ever. Writer thread, I/O (SQLite). */
import { GATHER } from "../codes.ts";
import { encodeRelative, hexToBytes, pathKey } from "../names.ts";
import type { IntendedOutput } from "../port.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";

export function keepingOutputs(store: Store) {
  const findOutput = store.prepare<{ id: number; job: number | null }, [number, string]>(
    "SELECT id, job FROM outputs WHERE path_key = ? AND path = ?",
  );
  const insert = store.prepare(
    `INSERT INTO outputs (path_key, path, rel, bytes, sha256, role, mime, job, item, stage, ord)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = store.prepare(
    `UPDATE outputs SET rel = ?, bytes = ?, sha256 = ?, role = ?, mime = ?, job = ?, item = ?, stage = ?, ord = ?, step_key = NULL
     WHERE id = ?`,
  );
  const detachFrom = (where: string) => `UPDATE outputs SET step_key = ? || '/' ||
      CASE item WHEN ${GATHER} THEN 'all' ELSE item END || '/' || stage, job = NULL, item = NULL, stage = NULL
    WHERE ${where}`;
  const detachStep = store.prepare(detachFrom("job = ? AND item = ? AND stage >= ?"));
  const detachJob = store.prepare(detachFrom("job = ?"));

  return {
    /** Makes the outputs the artifacts of a step, whoever had those paths before. */
    own(
      job: JobFacts,
      item: number,
      stage: number,
      outputs: readonly IntendedOutput[],
      at: number,
    ): void {
      let gained = 0;
      for (const [ord, output] of outputs.entries()) {
        const key = pathKey(output.targetPath);
        const known = findOutput.get(key, output.targetPath);
        const { bytes, role, mimeType: mime } = output;
        const rel = encodeRelative(output.targetPath, output.relativePath);
        const sha256 = hexToBytes(output.sha256);
        if (known === null) {
          insert.run(
            key,
            output.targetPath,
            rel,
            bytes,
            sha256,
            role,
            mime,
            job.id,
            item,
            stage,
            ord,
          );
        } else {
          update.run(rel, bytes, sha256, role, mime, job.id, item, stage, ord, known.id);
        }
        if (known?.job != null && known.job !== job.id) lose(known.job, at);
        if (known?.job !== job.id) gained += 1;
      }
      if (gained > 0) store.addTotals(job, { artifacts: gained }, at);
    },

    /** What a step and those behind it made is no longer theirs; it stays ours. */
    detachStep(job: JobFacts, item: number, fromStage: number): number {
      return detachStep.run(job.ref, job.id, item, fromStage).changes;
    },

    detachJob(job: JobFacts): number {
      return detachJob.run(job.ref, job.id).changes;
    },
  };

  function lose(jobId: number, at: number): void {
    store.addTotals(store.jobById(jobId), { artifacts: -1 }, at);
  }
}
