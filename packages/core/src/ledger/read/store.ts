/** What every read works with: the read-only connection and what never changes of a job. Host, I/O (SQLite). */
import type { Connection } from "../connection.ts";
import type { JobSpec, Stage } from "../../model/job.ts";

export interface JobPlan {
  readonly id: number;
  readonly stages: readonly Stage[];
  readonly spec: JobSpec;
}

export type ReadStore = ReturnType<typeof openReadStore>;

/** `held`: somebody holds the home's lock, so what is stored as running does run. */
export function openReadStore(connection: Connection, home: string, held: boolean) {
  const { prepare, close } = connection;
  const find = prepare<{ id: number }, [string]>(
    "SELECT id FROM jobs WHERE ref = ? AND planned = 1",
  );
  const findPlan = prepare<{ stages: string; spec: string }, [number]>(
    "SELECT stages, spec FROM jobs WHERE id = ?",
  );
  const plans = new Map<number, JobPlan>();

  return {
    prepare,
    close,
    home,
    held,

    /** Number of a job that is there and planned. */
    jobNumber(ref: string): number | null {
      return find.get(ref)?.id ?? null;
    },

    /** Null when the job was deleted meanwhile. */
    plan(id: number): JobPlan | null {
      const known = plans.get(id);
      if (known !== undefined) return known;
      const row = findPlan.get(id);
      if (row === null) return null;
      const plan = {
        id,
        stages: JSON.parse(row.stages) as Stage[],
        spec: JSON.parse(row.spec) as JobSpec,
      };
      if (plans.size >= 1_000) plans.clear();
      plans.set(id, plan);
      return plan;
    },
  };
}
