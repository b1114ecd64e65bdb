/** The writer's loop: opens the ledger, then commits in groups what the main thread asks for. Writer thread, I/O (SQLite). */
import { join } from "node:path";
import { errorFacts } from "../../model/error-facts.ts";
import type { Event } from "../../model/event.ts";
import { openForWriting } from "../opening/open-for-writing.ts";
import { unusable } from "../errors.ts";
import { committingGroups, type Committed } from "./group.ts";
import type { Call, FromWriter, Reply, ToWriter } from "./protocol.ts";
import { diskTrouble } from "./sqlite-trouble.ts";
import { openStore, type Store } from "./store.ts";

/** Calls in one transaction at most: bounds how long the first of them waits. */
const MOST_CALLS = 256;
/** Events in one message at most: bounds how long the main thread reads. */
const MOST_EVENTS = 1_000;

interface Port {
  listen(onMessage: (text: string) => void): void;
  post(text: string): void;
}

export function serveWriter(port: Port): void {
  let store: Store | null = null;
  let commit: ((calls: readonly Call[]) => Committed) | null = null;
  let queue: Call[] = [];
  let scheduled = false;
  let stopping = false;

  port.listen((text) => {
    const message = JSON.parse(text) as ToWriter;
    if ("start" in message) start(message.start.home);
    else if ("calls" in message) queue.push(...message.calls);
    else stopping = true;
    schedule();
  });

  function start(home: string): void {
    try {
      const opened = openForWriting(home);
      store = openStore(opened.connection, home);
      commit = committingGroups(store);
      const { homeId, repair, notices } = opened;
      post({ ready: { homeId, repair, notices } });
    } catch (thrown) {
      store?.close();
      const trouble = unusable(join(home, "ledger.db"), diskTrouble(thrown, home));
      post({ failed: errorFacts(trouble) });
    }
  }

  function schedule(): void {
    if (scheduled || commit === null) return;
    scheduled = true;
    setImmediate(runGroup);
  }

  function runGroup(): void {
    scheduled = false;
    if (commit === null) return;
    const calls = queue.length <= MOST_CALLS ? queue : queue.slice(0, MOST_CALLS);
    queue = queue.length <= MOST_CALLS ? [] : queue.slice(MOST_CALLS);
    try {
      if (calls.length > 0) answer(commit(calls));
    } catch (thrown) {
      commit = null;
      post({ fatal: errorFacts(thrown).message });
      return;
    }
    if (queue.length > 0) schedule();
    else if (stopping) stop();
  }

  function answer({ replies, events }: Committed): void {
    let rest: readonly Event[] = events;
    for (; rest.length > MOST_EVENTS; rest = rest.slice(MOST_EVENTS)) {
      post({ events: rest.slice(0, MOST_EVENTS), replies: [] });
    }
    post({ events: rest, replies: replies as Reply[] });
  }

  function stop(): void {
    commit = null;
    try {
      store?.db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Everything is in the log already: the next opening reads it from there.
    }
    store?.close();
    post({ stopped: true });
  }

  function post(message: FromWriter): void {
    port.post(JSON.stringify(message));
  }
}
