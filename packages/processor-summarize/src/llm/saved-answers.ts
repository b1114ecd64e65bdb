/** Keeps every answer that was paid for in the step's checkpoint, so that no crash pays for it again. Worker side. */
import type { Checkpoint, PlainData } from "@knowledge-chipper/plugin-sdk";
import { addUsage, NOTHING_USED, type Usage } from "./language-model.ts";

interface SavedAnswer {
  readonly [key: string]: PlainData;
  /** Which request it answers. */
  readonly key: string;
  /** Hash of all that was asked: an edited template asks anew. */
  readonly asked: string;
  readonly value: PlainData;
  readonly input: number;
  readonly output: number;
}

export interface SavedAnswers {
  /** Of all answers this summary is made of: the same however often the work was interrupted. */
  readonly used: Usage;
  /** That, and what was paid for answers that could not be used. */
  readonly spent: Usage;
  readonly count: number;
  /** The saved answer to this request, or the one that `ask` gets, once it is saved. */
  get<T>(key: string, question: string, ask: () => Promise<{ value: T; usage: Usage }>): Promise<T>;
  waste(usage: Usage): Promise<void>;
}

export async function savedAnswers(checkpoint: Checkpoint): Promise<SavedAnswers> {
  const stored = await checkpoint.load<SavedAnswer | { input: number; output: number }>();
  const parts = (stored?.parts ?? []) as SavedAnswer[];
  const answers = new Map(parts.map((part) => [`${part.key} ${part.asked}`, part]));
  let wasted = (stored?.value ?? NOTHING_USED) as Usage;
  let used = NOTHING_USED;
  let count = 0;

  const use = (answer: SavedAnswer) => {
    used = addUsage(used, answer);
    count += 1;
    return answer.value;
  };
  return {
    get used() {
      return used;
    },
    get spent() {
      return addUsage(used, wasted);
    },
    get count() {
      return count;
    },
    async get<T>(
      key: string,
      question: string,
      ask: () => Promise<{ value: T; usage: Usage }>,
    ): Promise<T> {
      const asked = new Bun.CryptoHasher("sha256").update(question).digest("hex").slice(0, 16);
      const known = answers.get(`${key} ${asked}`);
      if (known !== undefined) return use(known) as T;
      const { value, usage } = await ask();
      const answer = { key, asked, value: value as PlainData, ...usage };
      await checkpoint.append(answer);
      return use(answer) as T;
    },
    async waste(usage) {
      wasted = addUsage(wasted, usage);
      await checkpoint.save({ ...wasted });
    },
  };
}
