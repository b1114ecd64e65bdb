/** What every operation of the writer works with: prepared statements, numbers that only rise, events and what follows a commit. Host, I/O (SQLite). */
import type { Database } from "bun:sqlite";
import type { Event, EventData, EventType } from "../../model/event.ts";
import type { Stage } from "../../model/job.ts";
import { EVENT, GATHER } from "../codes.ts";
import { LedgerError } from "../errors.ts";

/** A job as the writer needs it again and again: nothing of it changes after planning. */
export interface JobFacts {
  readonly id: number;
  readonly ref: string;
  readonly outDir: string;
  readonly stages: readonly string[];
}

/** Whom an event is about. `name` is the item's relative path. */
export interface EventPlace {
  readonly job: JobFacts;
  readonly item?: number;
  readonly name?: string;
  readonly stage?: number;
}

export interface Totals {
  attempts?: number;
  crashes?: number;
  artifacts?: number;
}

/** State to come back to when an operation fails. */
interface Mark {
  readonly events: number;
  readonly after: number;
  readonly seq: number;
}

export type Store = ReturnType<typeof openStore>;

export function openStore(db: Database, home: string) {
  const findJob = db.prepare<
    { id: number; ref: string; out_dir: string; stages: string },
    [string]
  >("SELECT id, ref, out_dir, stages FROM jobs WHERE ref = ?");
  const findJobById = db.prepare<{ ref: string }, [number]>("SELECT ref FROM jobs WHERE id = ?");
  const addEvent = db.prepare(
    "INSERT INTO events (seq, at, type, job, item, stage, attempt, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const addTotals = db.prepare(
    `UPDATE job_status SET attempts = attempts + ?, crashes = crashes + ?, artifacts = artifacts + ?, updated_at = ?
     WHERE job = ?`,
  );
  const saveNumber = db.prepare("UPDATE meta SET value = ? WHERE key = 'next_number'");

  const jobs = new Map<string, JobFacts>();
  const refs = new Map<number, string>();
  let seq =
    db.prepare<{ seq: number }, []>("SELECT ifnull(max(seq), 0) AS seq FROM events").get()?.seq ??
    0;
  let number = loadNumber(db);
  let savedNumber = number;
  let events: Event[] = [];
  let after: (() => void)[] = [];

  return {
    db,
    home,

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

    /** A number that was never given out before: attempts and checkpoint files share them. */
    nextNumber(): number {
      return number++;
    },

    /** Writes an event into this transaction; listeners hear of it after the commit. */
    emit<T extends EventType>(
      type: T,
      at: number,
      place: EventPlace | null,
      data: EventData[T],
    ): void {
      const { attempt, ...rest } = data as { attempt?: number };
      const text = JSON.stringify(rest);
      seq += 1;
      const item = place?.item;
      addEvent.run(
        seq,
        at,
        EVENT[type],
        place?.job.id ?? null,
        item ?? null,
        place?.stage ?? null,
        attempt ?? null,
        text === "{}" ? null : text,
      );
      const stage = place?.stage === undefined ? undefined : place.job.stages[place.stage];
      events.push({
        ...data,
        seq,
        at: new Date(at).toISOString(),
        type,
        ...(place === null ? {} : { jobId: place.job.ref }),
        ...(item === undefined || item === GATHER ? {} : { item: place?.name ?? "" }),
        ...(stage === undefined ? {} : { stage }),
      } as Event);
    },

    addTotals(job: JobFacts, totals: Totals, at: number): void {
      addTotals.run(totals.attempts ?? 0, totals.crashes ?? 0, totals.artifacts ?? 0, at, job.id);
    },

    /** Runs after the commit, when what was replaced is no longer needed. */
    afterCommit(action: () => void): void {
      after.push(action);
    },

    forgetJob(job: JobFacts): void {
      jobs.delete(job.ref);
      refs.delete(job.id);
    },

    mark(): Mark {
      return { events: events.length, after: after.length, seq };
    },

    rollBackTo(mark: Mark): void {
      events.length = mark.events;
      after.length = mark.after;
      seq = mark.seq;
      // Numbers are not taken back: one that was seen must not come again.
      jobs.clear();
      refs.clear();
    },

    beforeCommit(): void {
      if (number === savedNumber) return;
      saveNumber.run(number);
      savedNumber = number;
    },

    /** Ends the group: hands out its events and what is to be done now. */
    takeCommitted(): { events: Event[]; after: (() => void)[] } {
      const taken = { events, after };
      events = [];
      after = [];
      return taken;
    },

    /** The whole group was rolled back. */
    dropGroup(mark: Mark): void {
      this.rollBackTo(mark);
      savedNumber = -1;
    },
  };
}

function loadNumber(db: Database): number {
  const row = db
    .prepare<{ value: number }, []>("SELECT value FROM meta WHERE key = 'next_number'")
    .get();
  if (row === null) throw new LedgerError("ledger_broken", "the ledger has lost its numbering");
  return row.value;
}
