/** What is kept of a crash, put together for people. Pure. */
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { CrashDossier, CrashFacts } from "../../model/step.ts";

export interface DossierColumns {
  readonly stageName: string;
  readonly at: number | null;
  readonly started: number;
  readonly failed: number;
  readonly crashed: number;
  readonly error: string | null;
  readonly crash: string | null;
}

/** Null when the attempt did not crash. */
export function dossierFromRow(row: DossierColumns): CrashDossier | null {
  if (row.crash === null || row.error === null || row.at === null) return null;
  return {
    error: JSON.parse(row.error) as ErrorFacts,
    crash: JSON.parse(row.crash) as CrashFacts,
    attempts: { started: row.started, failed: row.failed, crashed: row.crashed },
    stage: row.stageName,
    at: new Date(row.at).toISOString(),
  };
}
