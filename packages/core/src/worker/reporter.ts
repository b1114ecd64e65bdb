/** What a worker tells its host, batched: facts wait a moment, results never wait for the next step. Worker side. */
import type { Fact, StepResult } from "../rpc/contract.ts";
import { cutBatches, limitResult, sized, type SizedFact } from "./report-batches.ts";

/** How long facts wait for company. */
const GATHER_MS = 2;
/** More waiting facts than this: the host is not listening, and logs are dropped and counted. */
const MAX_WAITING = 2_000;
/**
 * Unacknowledged reports and bytes with which a next step may begin. A report that is still in this process's memory dies with
 * it, and then the wrong step is blamed for the crash; what lies in the socket's buffer (208 kB on Linux) is delivered.
 */
const MAX_UNANSWERED = 100;
const MAX_UNANSWERED_BYTES = 64 * 1024;

export interface Reporter {
  /** Queues a fact; sent within a few milliseconds. */
  tell(fact: Fact): void;
  /** Sends all that waits, now. */
  flush(): void;
  /** Queues a result; it travels with the start of the next step or the next flush. */
  finish(attemptId: number, result: StepResult): void;
  /** Resolves when so little is unacknowledged that another step may begin. */
  room(): Promise<void>;
  /** Resolves when the host has answered for everything. */
  acknowledged(): Promise<void>;
}

/** @param report puts facts on the channel; resolves once the host answered: for results, when they are committed */
export function reporter(report: (facts: Fact[]) => Promise<unknown>): Reporter {
  let waiting: SizedFact[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let dropped = 0;
  let beatWaits = false;
  const unanswered = { reports: 0, bytes: 0, withoutResults: 0 };
  let answer = Promise.withResolvers<void>();

  const send = (facts: Fact[], bytes: number) => {
    const mere = facts.some(({ fact }) => fact === "result") ? 0 : 1;
    unanswered.reports += 1;
    unanswered.bytes += bytes;
    unanswered.withoutResults += mere;
    const answered = () => {
      unanswered.reports -= 1;
      unanswered.bytes -= bytes;
      unanswered.withoutResults -= mere;
      answer.resolve();
      answer = Promise.withResolvers();
      if (waiting.length > 0 && mere === 1) flush();
    };
    // A report that fails was refused by a host that is about to end us, or never arrived: there is nobody to tell.
    report(facts).then(answered, answered);
  };

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (dropped > 0) waiting.push(sized(droppedLogs(dropped)));
    const all = waiting;
    waiting = [];
    dropped = 0;
    beatWaits = false;
    for (const { facts, bytes } of cutBatches(all)) send(facts, bytes);
  };

  const full = () =>
    unanswered.reports >= MAX_UNANSWERED || unanswered.bytes > MAX_UNANSWERED_BYTES;

  return {
    tell: (fact) => {
      if (fact.fact === "heartbeat" && beatWaits) return;
      if (fact.fact === "log" && waiting.length >= MAX_WAITING) dropped += 1;
      else waiting.push(sized(fact));
      beatWaits ||= fact.fact === "heartbeat";
      // One batch of mere facts at a time: a host that does not keep up is not buried in them. The answer sends the next.
      timer ??= setTimeout(() => {
        timer = null;
        if (unanswered.withoutResults === 0) flush();
      }, GATHER_MS);
    },
    flush,
    finish: (attemptId, result) => void waiting.push(limitResult(attemptId, result)),
    room: async () => {
      if (full()) flush();
      while (full()) await answer.promise;
    },
    acknowledged: async () => {
      flush();
      while (unanswered.reports > 0) await answer.promise;
    },
  };
}

function droppedLogs(count: number): Fact {
  return {
    fact: "log",
    attemptId: null,
    level: "warn",
    message: `${count} log lines were dropped: they came faster than they could be taken`,
  };
}
