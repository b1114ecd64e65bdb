/** What every language model does for us, wherever it runs. Pure types. */
import type { z } from "zod";

/** Tokens that were read and written. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

export interface Question {
  /** What holds for all answers; the model trusts it more than the prompt. */
  readonly system: string;
  readonly prompt: string;
  /** Most tokens of the answer. */
  readonly maxTokens: number;
  readonly temperature: number | null;
  /** Form of the answer, for models that can be held to one. */
  readonly schema?: z.ZodObject;
}

export interface Answer {
  /** Never blank. */
  readonly text: string;
  readonly usage: Usage;
  /** It ended because it had as many tokens as it may have. */
  readonly isCut: boolean;
}

export interface LanguageModel {
  /** Tokens of a text: exact where the model is here, else an estimate that is rather too high. */
  countTokens(text: string): number;
  /**
   * Resolves only for an answer that came to a clean end.
   * @param onText told how many characters there are so far
   * @throws LlmError
   */
  ask(question: Question, signal: AbortSignal, onText: (length: number) => void): Promise<Answer>;
}

export const NOTHING_USED: Usage = { input: 0, output: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return { input: a.input + b.input, output: a.output + b.output };
}
