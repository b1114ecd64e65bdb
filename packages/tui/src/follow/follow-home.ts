/** Keeps the dashboard's data fresh from one Control: what events say has changed is read again, gently. I/O through control. */
import type { Control, Event, RemoteControl } from "@knowledge-chipper/core/reading";
import type { Message, StepsWanted } from "../state/message.ts";
import { createReader } from "./reader.ts";

/** What the picture shows now. */
export interface Wanted {
  readonly jobId: string | null;
  readonly isActive: boolean;
  readonly page: StepsWanted | null;
}

export interface Follower {
  look(wanted: Wanted): void;
  /** Something was done: read all again at once. */
  refresh(): void;
  close(): void;
}

/** Enough to fill the crash chart after a rough hour, and read in a moment. */
const EVENTS_BACK = 2_000;
const MOST_JOBS = 200;
const MOST_PROBLEMS = 50;

/** With `isHeld` false the ledger itself is read: there are no events, and nobody who could change it. */
export async function followHome(
  control: Control | RemoteControl,
  tell: (message: Message) => void,
  isHeld = true,
): Promise<Follower> {
  let wanted: Wanted = { jobId: null, isActive: false, page: null };
  let isOver = false;

  const reading = (read: () => Promise<Message | null>) => async () => {
    try {
      const message = await read();
      if (message !== null && !isOver) tell(message);
    } catch (error) {
      if (!isOver) onFailure(error);
    }
  };
  const jobs = createReader(
    reading(async () => ({ m: "jobs", jobs: await control.jobs({ limit: MOST_JOBS }) })),
    1_000,
  );
  const live = createReader(
    reading(async () => {
      const { jobId } = wanted;
      return jobId === null ? null : { m: "live", jobId, live: await control.live(jobId) };
    }),
    450,
  );
  const steps = createReader(
    reading(async () => {
      const { page } = wanted;
      if (page === null) return null;
      return { m: "steps", wanted: page, ...(await control.steps(page.jobId, pageOf(page))) };
    }),
    1_000,
  );
  const problems = createReader(
    reading(async () => {
      const { jobId } = wanted;
      if (jobId === null) return null;
      return { m: "problems", jobId, rows: await control.problems(jobId, MOST_PROBLEMS) };
    }),
    1_000,
  );
  const readers = [jobs, live, steps, problems];

  function onFailure(error: unknown): void {
    const { code, message } = error as { code?: string; message?: string };
    // Deleted by somebody else: the next list says so.
    if (code === "job_not_found") return jobs.ask(true);
    if (!("onLost" in control)) tell({ m: "said", text: message ?? String(error), tone: "bad" });
  }

  function onEvents(events: readonly Event[]): void {
    if (isOver) return;
    tell({ m: "events", events });
    for (const { type, jobId } of events) {
      if (type === "step:progress") continue;
      jobs.ask(type === "job:state" || type === "job:planned" || type === "job:deleted");
      if (jobId !== wanted.jobId) continue;
      if (type === "job:state") live.ask(true);
      if (type !== "step:started") steps.ask();
      if (type === "step:failed" || type === "step:crashed" || type === "item:state")
        problems.ask();
    }
  }

  if ("onLost" in control) control.onLost(() => !isOver && tell({ m: "lost" }));
  const unsubscribe = isHeld ? await subscribe() : () => {};
  let beats = 0;
  const beat = setInterval(() => {
    beats += 1;
    if (wanted.isActive || beats % 6 === 0) live.ask();
    if (beats % 10 === 0) jobs.ask();
  }, 500);
  jobs.ask(true);

  async function subscribe(): Promise<() => void> {
    const after = Math.max(0, (await control.lastSeq()) - EVENTS_BACK);
    return control.subscribe(onEvents, { after });
  }

  return {
    look(next) {
      const before = wanted;
      wanted = next;
      if (next.jobId !== before.jobId) {
        live.ask(true);
        problems.ask(true);
      }
      if (!samePage(next.page, before.page)) steps.ask(true);
    },
    refresh() {
      for (const reader of readers) reader.ask(true);
    },
    close() {
      isOver = true;
      clearInterval(beat);
      for (const reader of readers) reader.close();
      unsubscribe();
    },
  };
}

function pageOf({ filter, cursor, limit }: StepsWanted) {
  return {
    limit,
    ...(cursor === null ? {} : { cursor }),
    ...(filter === "all" ? {} : { state: filter }),
  };
}

function samePage(a: StepsWanted | null, b: StepsWanted | null): boolean {
  return (
    a?.jobId === b?.jobId &&
    a?.filter === b?.filter &&
    a?.cursor === b?.cursor &&
    a?.limit === b?.limit
  );
}
