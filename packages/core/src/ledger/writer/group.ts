/** Group commit: whatever waited while the last fsync ran becomes one transaction, with a savepoint for each call. Writer thread, I/O (SQLite). */
import { errorFacts } from "../../model/error-facts.ts";
import { faultPoint } from "../../model/fault-points.ts";
import type { Event } from "../../model/event.ts";
import { allOperations, type Operations } from "../operations/all.ts";
import type { Call, Reply } from "./protocol.ts";
import { diskTrouble, isFatal } from "./sqlite-trouble.ts";
import type { Store } from "./store.ts";

export interface Committed {
  readonly replies: readonly Reply[];
  readonly events: readonly Event[];
}

/** What a group did, for the fault points around its COMMIT. */
const kindOf: Partial<Record<keyof Operations, "claim" | "intent" | "final">> = {
  claim: "claim",
  intend: "intent",
  complete: "final",
  fail: "final",
};

/** Throws only when disk or file can no longer be trusted: then nothing may be answered. */
export function committingGroups(store: Store): (calls: readonly Call[]) => Committed {
  const { db } = store;
  const operations = allOperations(store) as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  const [begin, commit, rollBack, savepoint, releaseSavepoint, rollBackToSavepoint] = [
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT call",
    "RELEASE call",
    "ROLLBACK TO call",
  ].map((sql) => {
    const statement = store.prepare(sql);
    return () => void statement.run();
  }) as [Run, Run, Run, Run, Run, Run];

  return (calls) => {
    const mark = store.mark();
    try {
      begin();
      const replies = calls.map(runCall);
      store.endGroup();
      const kinds = new Set(calls.map(([, name]) => kindOf[name]));
      for (const kind of kinds) if (kind !== undefined) faultPoint(`before-${kind}`);
      commit();
      for (const kind of kinds) if (kind !== undefined) faultPoint(`after-${kind}`);
      const { events, after } = store.takeCommitted();
      for (const action of after) action();
      return { replies, events };
    } catch (thrown) {
      if (isFatal(thrown, store.home)) throw thrown;
      if (db.inTransaction) rollBack();
      store.dropGroup(mark);
      const error = errorFacts(diskTrouble(thrown, store.home));
      return { replies: calls.map(([id]) => [id, false, error]), events: [] };
    }
  };

  function runCall([id, name, args]: Call): Reply {
    const mark = store.mark();
    savepoint();
    try {
      const result = operations[name]?.(...args);
      store.endCall();
      releaseSavepoint();
      return [id, true, result];
    } catch (thrown) {
      // Some errors (a full disk) roll the whole transaction back: then the group has to go.
      if (!db.inTransaction || isFatal(thrown, store.home)) throw thrown;
      rollBackToSavepoint();
      releaseSavepoint();
      store.rollBackTo(mark);
      return [id, false, errorFacts(diskTrouble(thrown, store.home))];
    }
  }
}

type Run = () => void;
