/** Asks until there is an answer: waits its turn at the gate, and repeats what failed by chance. Worker side, I/O. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Gate } from "./gate.ts";
import type { Answer, LanguageModel, Question } from "./language-model.ts";
import { LlmError } from "./llm-error.ts";

export interface Patience {
  readonly gate: Gate;
  /** Repetitions after the first try. */
  readonly retries: number;
  readonly signal: AbortSignal;
  /** Told while it waits, and why, at least every few seconds: waiting is not hanging. */
  onWait(why: string): void;
  /** Told how many characters of the answer there are. */
  onText(length: number): void;
}

/** Waiting longer than this is not for a worker: the step goes back until then. */
export const MAX_WAIT_MS = 60_000;
/** Between two signs of life. */
const SIGN_MS = 2_000;

/** @throws LlmError the last failure, when there is nothing left to try or the server wants more than a minute */
export async function askPatiently(
  model: LanguageModel,
  question: Question,
  patience: Patience,
): Promise<Answer> {
  const { gate, retries, signal, onWait, onText } = patience;
  for (let failed = 0; ; failed++) {
    const pass = await gate.enter(signal, () => onWait("waiting for a turn at the model"));
    try {
      return await model.ask(question, signal, onText);
    } catch (thrown) {
      if (!(thrown instanceof LlmError) || !thrown.isTransient) throw thrown;
      const delay = thrown.retryAfterMs ?? Math.random() * 1000 * 2 ** Math.min(failed, 5);
      if (thrown.retryAfterMs !== null) gate.close(thrown.retryAfterMs);
      if (failed >= retries || delay > MAX_WAIT_MS) throw thrown;
      pass.leave();
      await waitAloud(delay, signal, () => onWait(`${thrown.message}; asking again`));
    } finally {
      pass.leave();
    }
  }
}

async function waitAloud(ms: number, signal: AbortSignal, say: () => void): Promise<void> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) {
    say();
    await sleep(Math.min(left, SIGN_MS), undefined, { signal });
  }
}
