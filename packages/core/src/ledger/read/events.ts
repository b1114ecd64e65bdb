/** The durable events of a home, in order, from anywhere. Host, I/O (SQLite). */
import { eventName } from "../codes.ts";
import { decodeRelative } from "../names.ts";
import type { Event } from "../../model/event.ts";
import type { ReadStore } from "./store.ts";

interface EventColumns {
  seq: number;
  at: number;
  type: number;
  job: number | null;
  stage: number | null;
  attempt: number | null;
  data: string | null;
  ref: string | null;
  path: string | null;
  rel: number | string | null;
}

const SELECT = `SELECT e.seq, e.at, e.type, e.job, e.stage, e.attempt, e.data, j.ref, i.path, i.rel
  FROM events e LEFT JOIN jobs j ON j.id = e.job LEFT JOIN items i ON i.job = e.job AND i.idx = e.item`;

export function readingEvents(store: ReadStore) {
  const { prepare } = store;
  const ofHome = prepare<EventColumns, [number, number]>(
    `${SELECT} WHERE e.seq > ? ORDER BY e.seq LIMIT ?`,
  );
  const ofJob = prepare<EventColumns, [number, number, number]>(
    `${SELECT} WHERE e.job = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
  );

  const findLast = prepare<{ seq: number }, []>("SELECT ifnull(max(seq), 0) AS seq FROM events");

  return {
    lastSeq(): number {
      return findLast.get()?.seq ?? 0;
    },

    events(after: number, limit: number, jobId?: string): Event[] {
      if (jobId === undefined) return ofHome.all(after, limit).map(eventFromRow);
      const job = store.jobNumber(jobId);
      return job === null ? [] : ofJob.all(job, after, limit).map(eventFromRow);
    },
  };

  function eventFromRow(row: EventColumns): Event {
    const stage =
      row.job === null || row.stage === null
        ? undefined
        : store.plan(row.job)?.stages[row.stage]?.processor.name;
    return {
      ...(row.data === null ? {} : (JSON.parse(row.data) as object)),
      ...(row.attempt === null ? {} : { attemptId: row.attempt }),
      seq: row.seq,
      at: new Date(row.at).toISOString(),
      type: eventName(row.type),
      ...(row.ref === null ? {} : { jobId: row.ref }),
      ...(row.path === null ? {} : { item: decodeRelative(row.path, row.rel ?? 0) }),
      ...(stage === undefined ? {} : { stage }),
    } as Event;
  }
}
