/** Asks a model server through the AI SDK and lets no failure pass for an answer. Worker side, I/O. */
import { streamText, Output, type LanguageModel as SdkModel } from "ai";
import { explainFailure, type Asked } from "./explain-failure.ts";
import type { Answer, LanguageModel, Question } from "./language-model.ts";
import { LlmError } from "./llm-error.ts";
import { estimateTokens } from "./tokens.ts";

export interface RemoteOptions {
  readonly sdkModel: SdkModel;
  readonly asked: Asked;
  /** Longest silence, in milliseconds. */
  readonly timeoutMs: number;
}

// Its warnings would go to standard error, which belongs to crashes.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** The model behind `sdkModel`. */
export function remoteModel(options: RemoteOptions): LanguageModel {
  return {
    countTokens: estimateTokens,
    ask: (question, signal, onText) => ask(options, question, signal, onText),
  };
}

async function ask(
  { sdkModel, asked, timeoutMs }: RemoteOptions,
  question: Question,
  signal: AbortSignal,
  onText: (length: number) => void,
): Promise<Answer> {
  signal.throwIfAborted();
  const silence = silenceWatch(timeoutMs);
  try {
    const stream = streamText({
      model: sdkModel,
      system: question.system,
      prompt: question.prompt,
      maxOutputTokens: question.maxTokens,
      // Repeating is ours: the SDK waits in silence.
      maxRetries: 0,
      abortSignal: AbortSignal.any([signal, silence.signal]),
      // Failures are read from the stream below; the default would print them.
      onError: () => {},
      ...(question.temperature === null ? {} : { temperature: question.temperature }),
      ...(question.schema === undefined
        ? {}
        : { output: Output.object({ schema: question.schema, name: "notes" }) }),
    });
    return await readAnswer(stream.fullStream, asked, () => silence.reset(), onText, question);
  } catch (thrown) {
    signal.throwIfAborted();
    if (silence.signal.aborted) throw timedOut(asked, timeoutMs);
    throw explainFailure(thrown, asked);
  } finally {
    silence.end();
  }
}

/** What we read of the SDK's stream parts. */
interface StreamPart {
  readonly type: string;
  readonly text?: string;
  readonly error?: unknown;
  readonly finishReason?: string;
  readonly totalUsage?: { readonly inputTokens?: number; readonly outputTokens?: number };
}

async function readAnswer(
  stream: AsyncIterable<unknown>,
  asked: Asked,
  onSign: () => void,
  onText: (length: number) => void,
  question: Question,
): Promise<Answer> {
  let text = "";
  let end: StreamPart | null = null;
  for await (const each of stream) {
    const part = each as StreamPart;
    onSign();
    if (part.type === "error") throw explainFailure(part.error, asked);
    if (part.type === "abort") throw new Error("aborted");
    if (part.type === "finish") end = part;
    if (part.type === "text-delta") {
      text += part.text ?? "";
      onText(text.length);
    }
  }
  const reason = end?.finishReason;
  if (reason === "content-filter") {
    throw new LlmError("llm_filtered", `the filter of ${asked.model} stopped its answer`);
  }
  if (reason !== "stop" && reason !== "length") {
    throw new LlmError(
      "llm_cut_off",
      `the answer of ${asked.model} broke off before its end (${reason ?? "no reason given"})`,
    );
  }
  if (text.trim() === "") {
    throw new LlmError("llm_empty", `${asked.model} at ${asked.address} gave an empty answer`);
  }
  const { inputTokens, outputTokens } = end?.totalUsage ?? {};
  return {
    text,
    usage: {
      // A server that does not count is counted for.
      input: inputTokens ?? estimateTokens(question.system + question.prompt),
      output: outputTokens ?? estimateTokens(text),
    },
    isCut: reason === "length",
  };
}

/** Aborts when `reset` was not called for `ms`. */
function silenceWatch(ms: number) {
  const controller = new AbortController();
  const begin = () => setTimeout(() => controller.abort(new Error("silence")), ms);
  let timer = begin();
  return {
    signal: controller.signal,
    reset() {
      clearTimeout(timer);
      timer = begin();
    },
    end: () => clearTimeout(timer),
  };
}

function timedOut({ model, address }: Asked, ms: number): LlmError {
  return new LlmError(
    "llm_timeout",
    `${model} at ${address} said nothing for ${ms / 1000} s: it may be overloaded or still loading; summarize.timeout_seconds sets how long we wait`,
  );
}
