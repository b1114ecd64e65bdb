/** All requests about one file: each answered once, kept, paid from one budget, and waited for with patience. Worker side, I/O. */
import { join } from "node:path";
import type { ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import type { z } from "zod";
import type { SummarizeOptions } from "../options.ts";
import { askPatiently } from "./ask-patiently.ts";
import { askStructured } from "./ask-structured.ts";
import { addressOf } from "./connect.ts";
import { forHost } from "./for-host.ts";
import { openGate } from "./gate.ts";
import { NOTHING_USED, type LanguageModel, type Question, type Usage } from "./language-model.ts";
import { systemPrompt } from "./prompts.ts";
import { savedAnswers } from "./saved-answers.ts";
import { checkBudget } from "./spending.ts";

export interface Interview {
  /** Of the answers in use. */
  readonly used: Usage;
  /** That, and of those that could not be used. */
  readonly spent: Usage;
  /** Answers so far. */
  readonly count: number;
  readonly countTokens: (text: string) => number;
  /** @throws PermanentError when the work ahead is over the budget at its least */
  checkPlan(chunks: readonly { readonly tokens: number }[], requests: number): void;
  /** An answer of the form `schema`. */
  askFor<T extends z.ZodObject>(key: string, prompt: string, schema: T): Promise<z.output<T>>;
  /** An answer in any form. */
  askFreely(key: string, prompt: string): Promise<{ text: string; isCut: boolean }>;
}

/** Tokens of a request beside its text, and of an answer, at the least: for the plan only. */
const REQUEST_TOKENS = 250;
const ANSWER_TOKENS = 150;
/** Between two reports on an answer, in milliseconds. */
const REPORT_MS = 500;

/**
 * @param name of the file, for messages
 * @param onProgress told how many answers there are, and what goes on
 */
export async function interview(
  model: LanguageModel,
  name: string,
  ctx: ProcessorContext<SummarizeOptions>,
  onProgress: (done: number, message: string) => void,
): Promise<Interview> {
  const { options, signal } = ctx;
  const saved = await savedAnswers(ctx.checkpoint);
  const gate = openGate(gateFolder(ctx), {
    atOnce: options.max_requests ?? (isRemote(options) ? 4 : 1),
    perMinute: options.requests_per_minute,
  });
  const system = systemPrompt();
  const common = { system, maxTokens: options.max_tokens, temperature: options.temperature };

  const askOnce = async (question: Question) => {
    const input = model.countTokens(question.system + question.prompt);
    checkBudget(name, saved.spent, { input, output: question.maxTokens }, options);
    let reportedAt = 0;
    return await askPatiently(model, question, {
      gate,
      retries: options.retries,
      signal,
      onWait: (why) => onProgress(saved.count, why),
      onText: (length) => {
        if (performance.now() - reportedAt < REPORT_MS) return;
        reportedAt = performance.now();
        // An answer on its way counts as up to one half.
        const share = Math.min(0.5, length / 3.5 / question.maxTokens);
        onProgress(saved.count + share, `the model writes, ${length} characters`);
      },
    });
  };
  const get = async <T>(
    key: string,
    prompt: string,
    ask: () => Promise<{ value: T; usage: Usage }>,
  ): Promise<T> => {
    signal.throwIfAborted();
    onProgress(saved.count, "asking the model");
    return await saved.get(key, `${system}\n${prompt}`, ask).catch((thrown: unknown) => {
      throw forHost(thrown, name);
    });
  };

  return {
    get used() {
      return saved.used;
    },
    get spent() {
      return saved.spent;
    },
    get count() {
      return saved.count;
    },
    countTokens: model.countTokens,
    checkPlan(chunks, requests) {
      const text = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
      const ahead = {
        input: text + requests * REQUEST_TOKENS,
        output: requests * ANSWER_TOKENS,
      };
      checkBudget(name, NOTHING_USED, ahead, options);
    },
    askFor: async (key, prompt, schema) =>
      await get(key, prompt, () =>
        askStructured({ ...common, prompt }, schema, askOnce, (usage) => saved.waste(usage)),
      ),
    askFreely: async (key, prompt) =>
      await get(key, prompt, async () => {
        const { text, isCut, usage } = await askOnce({ ...common, prompt });
        return { value: { text, isCut }, usage };
      }),
  };
}

/** One gate for each server: all workers of the home meet there. */
function gateFolder({ options, tempDir }: ProcessorContext<SummarizeOptions>): string {
  const server = `${options.provider} ${addressOf(options)}`;
  const name = new Bun.CryptoHasher("sha256").update(server).digest("hex").slice(0, 16);
  return join(process.env["KC_SHARED_DIR"] ?? tempDir, `llm-${name}`);
}

function isRemote({ provider }: SummarizeOptions): boolean {
  return provider !== "local" && provider !== "node-llama-cpp";
}
