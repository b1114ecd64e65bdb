/** Events of the transactions under way: numbered without gaps, written a few rows at a time, handed out after the commit. Writer thread, I/O (SQLite). */
import type { SQLQueryBindings } from "bun:sqlite";
import type { Connection } from "../connection.ts";
import type { Event, EventData, EventType } from "../../model/event.ts";
import { EVENT, GATHER } from "../codes.ts";

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

/** Rows in one statement: half the time of one by one. */
const ROWS = 16;
const ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";

export function openEventLog({ prepare }: Connection) {
  const insert = (rows: number) =>
    prepare(
      `INSERT OR FAIL INTO events (seq, at, type, job, item, stage, attempt, data)
       VALUES ${Array.from({ length: rows }, () => ROW).join(", ")}`,
    );
  const addOne = insert(1);
  const addMany = insert(ROWS);
  let seq =
    prepare<{ seq: number }, []>("SELECT ifnull(max(seq), 0) AS seq FROM events").get()?.seq ?? 0;
  let events: Event[] = [];
  let unwritten: SQLQueryBindings[][] = [];
  let clock = { at: Number.NaN, iso: "" };

  return {
    emit<T extends EventType>(
      type: T,
      at: number,
      place: EventPlace | null,
      data: EventData[T],
    ): void {
      seq += 1;
      const { attemptId, ...rest } = data as { attemptId?: number };
      const text = JSON.stringify(rest);
      const job = place?.job;
      const item = place?.item;
      const stage = place?.stage;
      unwritten.push([
        seq,
        at,
        EVENT[type],
        job?.id ?? null,
        item ?? null,
        stage ?? null,
        attemptId ?? null,
        text === "{}" ? null : text,
      ]);
      const event: Record<string, unknown> = { ...data, seq, at: isoOf(at), type };
      if (job !== undefined) event["jobId"] = job.ref;
      if (item !== undefined && item !== GATHER) event["item"] = place?.name ?? "";
      if (stage !== undefined) event["stage"] = job?.stages[stage];
      events.push(event as unknown as Event);
    },

    /** Before the savepoint of a call is released. */
    write(): void {
      const rows = unwritten;
      unwritten = [];
      let from = 0;
      for (; from + ROWS <= rows.length; from += ROWS) {
        addMany.run(...rows.slice(from, from + ROWS).flat());
      }
      for (; from < rows.length; from += 1) addOne.run(...(rows[from] ?? []));
    },

    mark(): { events: number; seq: number } {
      return { events: events.length, seq };
    },

    rollBackTo(mark: { events: number; seq: number }): void {
      events.length = mark.events;
      seq = mark.seq;
      unwritten = [];
    },

    take(): readonly Event[] {
      const taken = events;
      events = [];
      return taken;
    },
  };

  function isoOf(at: number): string {
    if (at !== clock.at) clock = { at, iso: new Date(at).toISOString() };
    return clock.iso;
  }
}
