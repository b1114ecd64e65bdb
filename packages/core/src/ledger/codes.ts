/** Numbers under which the ledger keeps states, event types and outcomes: they must never change once written. Shared, pure. */
import type { EventType } from "../model/event.ts";
import type { ItemState } from "../model/item.ts";
import type { JobState } from "../model/job.ts";

/** Item number of a gather stage's step: behind every real item. */
export const GATHER = 2 ** 40;

/** States of items and steps; 0 to 2 are open, from 4 on it ended without a result. Spelled out in the schema's indexes and triggers. */
export const STATE = {
  queued: 0,
  running: 1,
  retrying: 2,
  completed: 3,
  failed: 4,
  quarantined: 5,
  skipped: 6,
  cancelled: 7,
} as const satisfies Record<ItemState, number>;

export const JOB_STATE = {
  planned: 0,
  running: 1,
  paused: 2,
  draining: 3,
  completed: 4,
  completed_with_problems: 5,
  interrupted: 6,
  cancelled: 7,
} as const satisfies Record<JobState, number>;

/** Of a row with a column `job`: nothing of that job is to be done any more, unless a person asks. */
export const IS_OVER = `job NOT IN (SELECT job FROM job_status
  WHERE state NOT IN (${JOB_STATE.completed}, ${JOB_STATE.completed_with_problems}, ${JOB_STATE.cancelled}))`;

export const EVENT = {
  "job:planned": 0,
  "job:state": 1,
  "job:deleted": 2,
  "step:started": 3,
  "step:completed": 4,
  "step:failed": 5,
  "step:crashed": 6,
  "step:released": 7,
  "item:state": 8,
  "worker:started": 9,
  "worker:exited": 10,
  "step:progress": 11,
  "memory:level": 13,
  "worker:growing": 14,
  "user:rated": 12,
  "disk:low": 20,
  "clock:moved": 21,
  "isolation:none": 22,
} as const satisfies Record<EventType, number>;

/** How an attempt on record ended; `refused` and `skipped` tell of an item that admission stopped, or of a processor that passed. */
export const OUTCOME = {
  failed: 0,
  crashed: 1,
  orphaned: 2,
  skipped: 3,
  refused: 4,
} as const;

export const stateName = nameOf(STATE);
export const jobStateName = nameOf(JOB_STATE);
export const eventName = nameOf(EVENT);

function nameOf<K extends string>(table: Record<K, number>): (code: number) => K {
  const names = new Map<number, K>();
  for (const name of Object.keys(table) as K[]) names.set(table[name], name);
  return (code) => {
    const name = names.get(code);
    if (name === undefined) throw new RangeError(`the ledger holds an unknown code ${code}`);
    return name;
  };
}
