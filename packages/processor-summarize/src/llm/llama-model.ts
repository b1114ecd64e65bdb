/** Runs a GGUF model in the worker itself through node-llama-cpp, on processors only. Worker side, native code. */
import { statSync } from "node:fs";
import { RequirementError, type ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";
import type { SummarizeOptions } from "../options.ts";
import { findLlama, INSTALL_LLAMA, llamaDir } from "./find-llama.ts";
import type { Answer, LanguageModel, Question } from "./language-model.ts";
import { LlmError } from "./llm-error.ts";

type Context = Pick<ProcessorContext<SummarizeOptions>, "options" | "env" | "cpus" | "models">;

/** Tokens for what stands around a chunk in a request. */
const FRAME_TOKENS = 1_000;
/** Without a chosen size of chunks: as much as `chunk_tokens` is for local models. */
const CHUNK_TOKENS = 2_500;

/** What we use of the package; it is not installed where this is compiled. */
interface LlamaPackage {
  getLlama(options: Readonly<Record<string, unknown>>): Promise<Llama>;
  LlamaChatSession: new (options: {
    contextSequence: Sequence;
    systemPrompt: string;
    autoDisposeSequence: boolean;
  }) => Session;
}
interface Llama {
  loadModel(options: { modelPath: string; gpuLayers: number }): Promise<Model>;
  createGrammarForJsonSchema(schema: unknown): Promise<unknown>;
}
interface Model {
  readonly trainContextSize: number;
  tokenize(text: string): readonly number[];
  createContext(options: { contextSize: number; threads: number }): Promise<{
    readonly contextSize: number;
    getSequence(): Sequence;
  }>;
  dispose(): Promise<void>;
}
interface Sequence {
  clearHistory(): Promise<void>;
}
interface Session {
  promptWithMeta(
    prompt: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ responseText: string; stopReason: string }>;
  dispose(): void;
}
interface Loaded {
  readonly library: LlamaPackage;
  readonly llama: Llama;
  readonly model: Model;
  readonly sequence: Sequence;
  readonly contextSize: number;
}

/** The model of `summarize.model`, loaded once for all steps of the worker. */
export async function llamaModel(ctx: Context): Promise<LanguageModel> {
  const { options, models, cpus } = ctx;
  const entry = findLlama(llamaDir(options, ctx.env));
  if (entry === null) throw new RequirementError("node-llama-cpp", INSTALL_LLAMA);
  const size = (options.chunk_tokens ?? CHUNK_TOKENS) + FRAME_TOKENS + options.max_tokens;
  const bytes = statSync(options.model, { throwIfNoEntry: false })?.size ?? 0;
  const loaded = await models.get(`llama ${options.model} ${size} ${cpus}`, bytes, async () => {
    const it = await load(entry, options.model, size, cpus);
    return { model: it, dispose: () => it.model.dispose() };
  });
  return {
    countTokens: (text) => loaded.model.tokenize(text).length,
    ask: (question, signal, onText) => ask(loaded, question, signal, onText),
  };
}

async function load(entry: string, path: string, size: number, cpus: number): Promise<Loaded> {
  const library = (await import(entry)) as LlamaPackage;
  // Its threads wait for each other without sleeping. One more than there are free cores, and it is a hundred times slower:
  // 77 tokens took 0.2 s with one thread and 19 s with two, on two cores with other work. So one core is left alone.
  const threads = Math.max(1, cpus - 1);
  const llama = await library.getLlama({
    // It shall neither build nor download.
    build: "never",
    gpu: false,
    maxThreads: threads,
    skipDownload: true,
    progressLogs: false,
    logLevel: "error",
  });
  try {
    const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
    const contextSize = Math.min(size, model.trainContextSize);
    const context = await model.createContext({ contextSize, threads });
    return { library, llama, model, sequence: context.getSequence(), contextSize };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LlmError("llm_bad_model", `the model ${path} cannot be loaded: ${reason}`, { cause });
  }
}

async function ask(
  { library, llama, model, sequence, contextSize }: Loaded,
  question: Question,
  signal: AbortSignal,
  onText: (length: number) => void,
): Promise<Answer> {
  signal.throwIfAborted();
  const input = model.tokenize(question.system + question.prompt).length;
  const room = contextSize - input;
  // What is over its window it would forget without a word.
  if (room < Math.min(64, question.maxTokens)) {
    throw new LlmError(
      "llm_request_refused",
      `a request of ${input} tokens does not fit into the model's window of ${contextSize}: set summarize.chunk_tokens lower`,
    );
  }
  const grammar =
    question.schema && (await llama.createGrammarForJsonSchema(z.toJSONSchema(question.schema)));
  const session = new library.LlamaChatSession({
    contextSequence: sequence,
    systemPrompt: question.system,
    autoDisposeSequence: false,
  });
  let length = 0;
  let output = 0;
  try {
    const { responseText, stopReason } = await session.promptWithMeta(question.prompt, {
      signal,
      stopOnAbortSignal: false,
      maxTokens: Math.min(question.maxTokens, room),
      temperature: question.temperature ?? 0.1,
      seed: 1,
      ...(grammar === undefined ? {} : { grammar }),
      onToken: (tokens: readonly number[]) => {
        output += tokens.length;
        // Some tokens are parts of letters: there may be no text for long, but there is life.
        onText(length);
      },
      onTextChunk: (chunk: string) => onText((length += chunk.length)),
    });
    if (responseText.trim() === "") {
      throw new LlmError("llm_empty", "the model gave an empty answer");
    }
    return {
      text: responseText,
      usage: { input, output },
      isCut: stopReason === "maxTokens",
    };
  } finally {
    session.dispose();
    await sequence.clearHistory();
  }
}
