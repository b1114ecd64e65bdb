/** While outputs of a job are being published, nothing may forget its steps: the files would be nobody's. Writer thread, I/O (SQLite). */
import { LedgerError } from "../errors.ts";
import type { JobFacts } from "../writer/event-log.ts";
import type { Store } from "../writer/store.ts";

export function refusingWhilePublishing(store: Store): (job: JobFacts) => void {
  const count = store.prepare<{ open: number }, [number]>(
    "SELECT count(*) AS open FROM intents WHERE job = ?",
  );
  return (job) => {
    const open = count.get(job.id)?.open ?? 0;
    if (open === 0) return;
    throw new LedgerError(
      "job_publishing",
      `${open} steps of job ${job.ref} are publishing their outputs: stop it first, then try again`,
    );
  };
}
