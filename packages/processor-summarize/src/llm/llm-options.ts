/** The options of language models: who is asked, how, and what it may cost. Pure. */
import { z } from "zod";

/** Names of `provider`; all but the first are language models. */
export const PROVIDERS = [
  "extractive",
  "local",
  "openai-compatible",
  "openai",
  "anthropic",
  "node-llama-cpp",
] as const;

const price = (what: string) =>
  z
    .number()
    .min(0)
    .max(10_000)
    .nullable()
    .default(null)
    .describe(`Price of a million ${what} tokens, in your currency; null: unknown`);

/** Fields of the processor's schema that only language models look at. */
export const llmOptions = {
  model: z
    .string()
    .max(500)
    .default("")
    .describe(
      "Name of the model, as its server knows it; for node-llama-cpp the path of a .gguf file",
    ),
  base_url: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .meta({ remote: false })
    .describe(
      "Address of the model server, e.g. http://127.0.0.1:1234/v1; empty: that of the provider, for local that of Ollama, http://127.0.0.1:11434/v1",
    ),
  api_key: z
    .string()
    .regex(
      /^(?:|env:[A-Za-z_]\w*)$/,
      "write env:NAME, the name of the variable that holds the key, never the key itself",
    )
    .default("")
    .meta({ remote: false })
    .describe(
      "Where the key is: env:NAME. Empty: OPENAI_API_KEY for openai, ANTHROPIC_API_KEY for anthropic, none for others",
    ),
  template: z
    .string()
    .regex(/^[\w-]{1,64}$/, "a name of letters, digits, _ and -, without the ending .md")
    .default("default")
    .describe(
      "What the summary is like: default, brief, minutes, study, or NAME for NAME.md in templates_dir",
    ),
  templates_dir: z
    .string()
    .default("")
    .meta({ remote: false })
    .describe(
      "Folder with your own templates: Markdown files in which {text} stands for the text and {MAX_TOKENS} for max_tokens",
    ),
  prompt: z
    .string()
    .max(8000)
    .default("")
    .describe("What the model shall look for, in your own words, beside the template"),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .nullable()
    .default(0.1)
    .describe("How freely the model writes, 0 to 2; null for models that take no temperature"),
  max_tokens: z
    .int()
    .min(64)
    .max(128_000)
    .default(2000)
    .describe("Most tokens of one answer of the model"),
  chunk_tokens: z
    .int()
    .min(200)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe(
      "Most tokens of text in one request; a longer text goes in parts, whose notes are then joined. null: 2,500 for local models, 12,000 for openai and anthropic",
    ),
  json_schema: z
    .boolean()
    .default(true)
    .describe("Send the schema of the answer along; false for servers that refuse it"),
  input_price: price("read"),
  output_price: price("written"),
  max_cost: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("Most that one file may cost, by the two prices; a file that would cost more fails"),
  max_total_tokens: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe("Most tokens that one file may use, read and written together"),
  max_requests: z
    .int()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe(
      "Requests under way at once, over all workers; null: 1 for local models, 4 for others",
    ),
  requests_per_minute: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
    .describe("Requests begun in a minute, over all workers; null: no limit"),
  retries: z
    .int()
    .min(0)
    .max(20)
    .default(4)
    .describe("How often a request is repeated when the server is busy or the connection breaks"),
  timeout_seconds: z
    .number()
    .min(1)
    .max(540)
    .default(120)
    .describe("How long the server may say nothing, in seconds; local models think long at first"),
  llama_dir: z
    .string()
    .default("")
    .meta({ remote: false })
    .describe(
      "Folder where node-llama-cpp was installed; empty: ~/.local/share/knowledge_chipper/llama",
    ),
};
