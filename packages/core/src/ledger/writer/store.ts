/** What every operation of the writer works with: prepared statements, numbers that only rise, events and what follows a commit. Writer thread, I/O (SQLite). */
import type { SQLQueryBindings } from "bun:sqlite";
import type { Connection } from "../connection.ts";
import type { Event } from "../../model/event.ts";
import type { Stage } from "../../model/job.ts";
import { LedgerError } from "../errors.ts";
import { type JobFacts, openEventLog } from "./event-log.ts";

export interface Totals {
  readonly attempts?: number;
  readonly crashes?: number;
  readonly artifacts?: number;
}

/** State to come back to when a call, or its whole group, is taken back. */
interface Mark {
  readonly log: { readonly events: number; readonly seq: number };
  readonly after: number;
}

export type Store = ReturnType<typeof openStore>;

export function openStore(connection: Connection, home: string) {
  const { prepare } = connection;
  const findJob = prepare<{ id: number; ref: string; out_dir: string; stages: string }, [string]>(
    "SELECT id, ref, out_dir, stages FROM jobs WHERE ref = ?",
  );
  const findJobById = prepare<{ ref: string }, [number]>("SELECT ref FROM jobs WHERE id = ?");
  const addTotals = prepare(
    `UPDATE job_status SET attempts = attempts + ?, crashes = crashes + ?, artifacts = artifacts + ?, updated_at = ?
     WHERE job = ?`,
  );
  const saveNumber = prepare("UPDATE meta SET value = ? WHERE key = 'next_number'");

  const log = openEventLog(connection);
  const jobs = new Map<string, JobFacts>();
  const refs = new Map<number, string>();
  const sums = new Map<number, Required<Totals> & { at: number }>();
  let number = loadNumber(connection);
  let savedNumber = number;
  let after: (() => void)[] = [];

  return {
    db: connection.db,
    close: connection.close,
    home,

    /** Writes an event into this transaction; listeners hear of it after the commit. */
    emit: log.emit,

    /**
     * Prepares a statement of an operation. FAIL instead of ABORT: SQLite then keeps no copy of each page for a statement that might
     * fail, which halves its time; what a failed one did is taken back by the savepoint around its call.
     */
    prepare<Row, Params extends SQLQueryBindings[] = SQLQueryBindings[]>(sql: string) {
      return prepare<Row, Params>(sql.replace(/^\s*(INSERT|UPDATE)\b/, "$1 OR FAIL"));
    },

    job(ref: string): JobFacts {
      const known = jobs.get(ref);
      if (known !== undefined) return known;
      const row = findJob.get(ref);
      if (row === null) throw new LedgerError("job_not_found", `there is no job ${ref}`);
      const stages = (JSON.parse(row.stages) as Stage[]).map((stage) => stage.processor.name);
      const job = { id: row.id, ref: row.ref, outDir: row.out_dir, stages };
      jobs.set(ref, job);
      refs.set(row.id, ref);
      return job;
    },

    jobById(id: number): JobFacts {
      const ref = refs.get(id) ?? findJobById.get(id)?.ref;
      if (ref === undefined) throw new LedgerError("job_not_found", `there is no job number ${id}`);
      return this.job(ref);
    },

    forgetJob(job: JobFacts): void {
      jobs.delete(job.ref);
      refs.delete(job.id);
    },

    /** A number that was never given out before: attempts and checkpoint files share them. */
    nextNumber(): number {
      return number++;
    },

    /** Written once at the end of the call, however often it is said. */
    addTotals(job: JobFacts, totals: Totals, at: number): void {
      const sum = sums.get(job.id) ?? { attempts: 0, crashes: 0, artifacts: 0, at };
      sums.set(job.id, {
        attempts: sum.attempts + (totals.attempts ?? 0),
        crashes: sum.crashes + (totals.crashes ?? 0),
        artifacts: sum.artifacts + (totals.artifacts ?? 0),
        at,
      });
    },

    /** Runs after the commit, when what was replaced is no longer needed. */
    afterCommit(action: () => void): void {
      after.push(action);
    },

    mark(): Mark {
      return { log: log.mark(), after: after.length };
    },

    /** The end of a call that went well: totals and events go into its savepoint. */
    endCall(): void {
      for (const [job, { attempts, crashes, artifacts, at }] of sums) {
        addTotals.run(attempts, crashes, artifacts, at, job);
      }
      sums.clear();
      log.write();
    },

    /** Numbers are not taken back: one that was seen must not come again. */
    rollBackTo(mark: Mark): void {
      log.rollBackTo(mark.log);
      sums.clear();
      after.length = mark.after;
      jobs.clear();
      refs.clear();
    },

    /** The end of a group, before its COMMIT. */
    endGroup(): void {
      if (number === savedNumber) return;
      saveNumber.run(number);
      savedNumber = number;
    },

    /** The group is on disk: its events, and what is to be done now. */
    takeCommitted(): { events: readonly Event[]; after: readonly (() => void)[] } {
      const taken = { events: log.take(), after };
      after = [];
      return taken;
    },

    /** The whole group was taken back. */
    dropGroup(mark: Mark): void {
      this.rollBackTo(mark);
      savedNumber = Number.NaN;
    },
  };
}

function loadNumber({ prepare }: Connection): number {
  const row = prepare<{ value: number }, []>(
    "SELECT value FROM meta WHERE key = 'next_number'",
  ).get();
  if (row === null) throw new LedgerError("ledger_broken", "the ledger has lost its numbering");
  return row.value;
}
