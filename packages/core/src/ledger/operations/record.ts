/** Events that belong to no step's transaction, such as a worker's start and end. Writer thread, I/O (SQLite). */
import type { EventData, EventType } from "../../model/event.ts";
import type { Store } from "../writer/store.ts";

export function recording(store: Store) {
  return {
    record(type: EventType, data: EventData[EventType] & { jobId?: string }): void {
      const { jobId, ...facts } = data;
      const place = jobId === undefined ? null : { job: store.job(jobId) };
      store.emit(type, Date.now(), place, facts as EventData[EventType]);
    },
  };
}
