/** Gets an answer in a given form: what comes in another is sent back once to be repaired. Worker side. */
import type { z } from "zod";
import { parseAnswer } from "./answers.ts";
import { addUsage, type Answer, type Question, type Usage } from "./language-model.ts";
import { LlmError } from "./llm-error.ts";

/** Most characters of a bad answer that go back. */
const MAX_QUOTED = 20_000;

/**
 * @param ask one request, patiently
 * @param onWasted told of tokens that were paid for nothing, before it throws
 * @throws LlmError llm_bad_answer when the repaired answer is no better
 */
export async function askStructured<T extends z.ZodObject>(
  question: Omit<Question, "schema">,
  schema: T,
  ask: (question: Question) => Promise<Answer>,
  onWasted: (usage: Usage) => Promise<void>,
): Promise<{ value: z.output<T>; usage: Usage }> {
  const first = await ask({ ...question, schema });
  const good = parseAnswer(first.text, schema);
  if (good.ok) return { value: good.value, usage: first.usage };

  const problem = first.isCut ? `${good.problem}; it was cut off, be shorter` : good.problem;
  const prompt = `${question.prompt}\n\nYour last answer was:\n\n${first.text.slice(0, MAX_QUOTED)}\n\nIt cannot be used: ${problem}. Answer again, with one JSON object in the form that was asked for and nothing else.`;
  const second = await ask({ ...question, prompt, schema });
  const usage = addUsage(first.usage, second.usage);
  const repaired = parseAnswer(second.text, schema);
  if (repaired.ok) return { value: repaired.value, usage };
  await onWasted(usage);
  throw new LlmError(
    "llm_bad_answer",
    `the model twice gave no answer in the form that was asked for (${repaired.problem}): raise summarize.max_tokens if it was cut off, take smaller chunks (summarize.chunk_tokens) or a more capable model`,
  );
}
