/** Makes the language model that the options name; each provider's package is loaded only when it is asked for. Worker side. */
import type { ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import type { SummarizeOptions } from "../options.ts";
import type { Asked } from "./explain-failure.ts";
import type { LanguageModel } from "./language-model.ts";
import { LlmError } from "./llm-error.ts";
import { remoteModel } from "./remote-model.ts";

type Context = Pick<ProcessorContext<SummarizeOptions>, "options" | "env" | "cpus" | "models">;

/** Where `local` looks: Ollama, as it is installed. */
const OLLAMA = "http://127.0.0.1:11434/v1";
const ADDRESSES: Readonly<Record<string, string>> = {
  local: OLLAMA,
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
};
const KEY_VARIABLES: Readonly<Record<string, string>> = {
  openai: "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
};

/** Connects nothing yet: a server is first heard of when it is asked. */
export async function connect(ctx: Context): Promise<LanguageModel> {
  const { options } = ctx;
  if (options.provider === "node-llama-cpp") {
    return await (await import("./llama-model.ts")).llamaModel(ctx);
  }
  const asked = {
    model: options.model,
    address: addressOf(options),
    key: keyOf(options, ctx.env),
  };
  const sdkModel = await sdkModelOf(options, asked);
  return remoteModel({ sdkModel, asked, timeoutMs: options.timeout_seconds * 1000 });
}

/** Where requests go. */
export function addressOf({ provider, base_url }: SummarizeOptions): string {
  return (base_url || ADDRESSES[provider] || "").replace(/\/+$/, "");
}

/** Name of the variable that holds the key; null when none is needed. */
export function keyVariable({ provider, api_key }: SummarizeOptions): string | null {
  return api_key === "" ? (KEY_VARIABLES[provider] ?? null) : api_key.slice("env:".length);
}

function keyOf(options: SummarizeOptions, env: Readonly<Record<string, string>>) {
  const name = keyVariable(options);
  return name === null ? undefined : env[name];
}

async function sdkModelOf({ provider, model, json_schema }: SummarizeOptions, asked: Asked) {
  const settings = {
    baseURL: asked.address,
    fetch: fetchAnswer(asked.address),
    ...(asked.key === undefined ? {} : { apiKey: asked.key }),
  };
  switch (provider) {
    case "openai":
      return (await import("@ai-sdk/openai")).createOpenAI({ apiKey: "", ...settings }).chat(model);
    case "anthropic":
      return (await import("@ai-sdk/anthropic")).createAnthropic({ apiKey: "", ...settings })(
        model,
      );
    default: {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({
        ...settings,
        name: "server",
        includeUsage: true,
        supportsStructuredOutputs: json_schema,
      })(model);
    }
  }
}

/** `fetch`, but a web page is no answer: the SDK would take it for an empty one. */
function fetchAnswer(address: string): typeof fetch {
  const ask = async (input: string | URL | Request, init?: RequestInit) => {
    const response = await fetch(input, init);
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok || !/^text\/html|^application\/xhtml/i.test(type)) return response;
    await response.body?.cancel();
    throw new LlmError(
      "llm_not_an_api",
      `${address} answers with a web page, not as a model: a proxy wants a login, or summarize.base_url lacks its path (often /v1)`,
    );
  };
  return Object.assign(ask, { preconnect: fetch.preconnect });
}
