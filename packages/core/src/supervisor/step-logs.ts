/** What a worker says, by step: bounded, counted beyond that, and its last lines kept for the dossier of a crash. Pure. */
import type { WorkerFact } from "./port.ts";

type LogFact = Extract<WorkerFact, { fact: "log" }>;

/** Bytes of log kept of one step; each line is charged a little more than its length. */
const MAX_STEP_BYTES = 256 * 1024;
const LINE_COST = 64;
/** Characters a log fact may have, by the contract. */
const MAX_MESSAGE = 20_000;
const TAIL_LINES = 20;
const TAIL_LINE_LENGTH = 1_000;

export interface StepLogs {
  /** Takes a line of the step in hand from a pipe; `dropped` characters of it were cut off. */
  addLine(level: LogFact["level"], line: string, dropped: number): void;
  /** Takes what came over the channel, where each message names its step. */
  addFact(fact: LogFact): void;
  /** Counts bytes that were thrown away unread. */
  skip(bytes: number): void;
  /** True: nothing more of this step is kept but the last lines. */
  readonly full: boolean;
  /** What is said from now on belongs to this step, with a fresh limit. */
  turnTo(attemptId: number): void;
  /** The step is over: says how much of it was not kept. What comes late still counts as its own. */
  settle(): void;
  /** The last lines, oldest first. */
  tail(): string[];
}

/** @param emit passes a line on */
export function stepLogs(emit: (fact: LogFact) => void): StepLogs {
  let attemptId: number | null = null;
  let left = MAX_STEP_BYTES;
  let notKept = 0;
  let last: string[] = [];

  const add = (owner: number | null, level: LogFact["level"], line: string, dropped: number) => {
    const text = visible(line);
    last.push(text.slice(0, TAIL_LINE_LENGTH));
    if (last.length > TAIL_LINES * 2) last = last.slice(-TAIL_LINES);
    if (left <= 0) {
      notKept += line.length + dropped + 1;
      return;
    }
    left -= line.length + LINE_COST;
    const note = dropped === 0 ? "" : ` … (${dropped} more characters)`;
    const message = text.slice(0, MAX_MESSAGE - note.length) + note;
    emit({ fact: "log", attemptId: owner, level, message });
  };

  return {
    addLine: (level, line, dropped) => add(attemptId, level, line, dropped),
    addFact: (fact) => add(fact.attemptId ?? attemptId, fact.level, fact.message, 0),
    skip: (bytes) => {
      notKept += bytes;
    },
    get full() {
      return left <= 0;
    },
    turnTo: (next) => {
      attemptId = next;
      left = MAX_STEP_BYTES;
      notKept = 0;
    },
    settle: () => {
      if (notKept > 0) {
        const message = `${notKept} more bytes of output were not kept (the limit is ${MAX_STEP_BYTES} a step)`;
        emit({ fact: "log", attemptId, level: "warn", message });
      }
      notKept = 0;
    },
    tail: () => last.slice(-TAIL_LINES),
  };
}

/** Control characters are shown, not sent: what is kept may be read on a terminal. */
function visible(line: string): string {
  return line.replace(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
