/** Asks an OpenAI-compatible server for an answer of a given form; only a clean, complete one counts. Worker side, I/O. */
import { PermanentError, RetryLaterError } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export interface ChatOptions {
  /** Address up to and with `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/** Local models think long; far below the time after which a silent step is taken for hung. */
const TIMEOUT_MS = 300_000;
const RETRY_MS = 5_000;

const REPLY = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish() }),
      }),
    )
    .min(1),
});

/**
 * The answer, parsed by `schema`; an answer of another form is sent back once with what is wrong.
 * @throws RetryLaterError when the server is busy or away, PermanentError when it refuses or answers nothing of use
 */
export async function askJson<T>(
  question: { readonly system: string; readonly prompt: string; readonly schema: z.ZodType<T> },
  options: ChatOptions,
): Promise<T> {
  const messages = [
    { role: "system", content: question.system },
    { role: "user", content: question.prompt },
  ];
  const first = await complete(messages, options);
  const parsed = parse(first, question.schema);
  if (parsed.ok) return parsed.value;
  const again = await complete(
    [
      ...messages,
      { role: "assistant", content: first },
      {
        role: "user",
        content: `That is not the JSON that was asked for: ${parsed.problem}. Answer again, with the JSON alone.`,
      },
    ],
    options,
  );
  const repaired = parse(again, question.schema);
  if (repaired.ok) return repaired.value;
  throw new PermanentError(
    `the model ${options.model} did not answer in the form that was asked for (${repaired.problem}); try another model, or provider=none`,
    { code: "llm_bad_answer" },
  );
}

async function complete(
  messages: readonly { role: string; content: string }[],
  options: ChatOptions,
): Promise<string> {
  const { baseUrl, model, key, signal } = options;
  const url = `${baseUrl.replace(/\/+$/, "")}/chat/completions`;
  let text: string;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({
        model,
        messages,
        temperature: 0,
        response_format: { type: "json_object" },
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    text = await response.text();
    if (!response.ok) throw refusal(response, text, url);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PermanentError || error instanceof RetryLaterError) throw error;
    throw new RetryLaterError(`no answer from ${url}: ${String(error)}`, RETRY_MS, {
      cause: error,
    });
  }
  return contentOf(text, url);
}

function refusal(response: Response, text: string, url: string): Error {
  const { status } = response;
  const said = text.replace(/\s+/g, " ").slice(0, 200);
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get("retry-after"));
    const delay = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : RETRY_MS;
    return new RetryLaterError(`${url} answered ${status}: ${said}`, delay);
  }
  return new PermanentError(
    `${url} answered ${status}: ${said}. Check moc.base_url, moc.model and moc.api_key`,
    { code: "llm_refused" },
  );
}

function contentOf(text: string, url: string): string {
  let reply: z.output<typeof REPLY>;
  try {
    reply = REPLY.parse(JSON.parse(text));
  } catch (cause) {
    throw new PermanentError(
      `${url} answered something that is no chat completion; is moc.base_url the address of a model server, with /v1?`,
      { code: "llm_bad_server", cause },
    );
  }
  const [choice] = reply.choices;
  const content = choice?.message.content?.trim() ?? "";
  if (choice?.finish_reason !== "stop" || content === "") {
    throw new RetryLaterError(
      `${url} broke off its answer (${choice?.finish_reason ?? "no reason given"})`,
      RETRY_MS,
    );
  }
  return content;
}

function parse<T>(
  content: string,
  schema: z.ZodType<T>,
): { ok: true; value: T } | { ok: false; problem: string } {
  const json = content.replace(/^```(?:json)?\s*|\s*```$/g, "");
  try {
    const result = schema.safeParse(JSON.parse(json));
    if (result.success) return { ok: true, value: result.data };
    return { ok: false, problem: z.prettifyError(result.error).slice(0, 300) };
  } catch (error) {
    return { ok: false, problem: String(error).slice(0, 200) };
  }
}
