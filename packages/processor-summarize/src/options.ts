/** The options of the summariser: one zod schema that checks, documents and defaults them. Pure. */
import { z } from "zod";
import { llmOptions, PROVIDERS } from "./llm/llm-options.ts";

/** Most text of one file, in MB. */
const MAX_TEXT_MB = 1000;

export const summarizeOptions = z
  .strictObject({
    provider: z
      .enum(PROVIDERS)
      .default("extractive")
      .describe(
        "Who writes the summary. extractive: nobody, the central sentences of the text itself are picked, offline; local: a model server on this machine (Ollama, LM Studio, llama.cpp, vLLM); openai-compatible: any server with that interface; openai, anthropic: theirs; node-llama-cpp: a GGUF file in the worker itself, if that package is installed",
      ),
    length: z
      .enum(["short", "medium", "long"])
      .default("medium")
      .describe(
        "How much is picked: short is 2 sentences and 3 points, medium 3 and 6, long 5 and 12",
      ),
    max_points: z
      .int()
      .min(1)
      .max(50)
      .nullable()
      .default(null)
      .describe("Most key points, 1 to 50; null leaves it to length"),
    language: z
      .string()
      .regex(/^(?:auto|[a-z]{2,3})$/, "auto, or a language code like en, de or ja")
      .default("auto")
      .describe("Language of the text: auto finds it out, or a code like en, de or ja"),
    keywords: z.int().min(0).max(50).default(10).describe("Number of keywords, 0 to 50"),
    claims: z
      .boolean()
      .default(true)
      .describe("Write the claims the text makes to a claims file, for the Map of Content"),
    text: z
      .boolean()
      .default(false)
      .describe(
        "Also write the whole text that was read, as Markdown with its headings (STEM_text.md): a Map of Content then reads PDF, Word and web pages in full",
      ),
    max_text_mb: z
      .number()
      .positive()
      .max(MAX_TEXT_MB)
      .default(20)
      .describe("Most text of one file, in MB; a file with more is refused"),
    ...llmOptions,
  })
  .superRefine((options, ctx) => {
    const refuse = (path: string, message: string) =>
      ctx.addIssue({ code: "custom", path: [path], message });
    const { provider } = options;
    if (provider !== "extractive" && options.model === "") {
      const example = provider === "node-llama-cpp" ? "the path of a .gguf file" : "its name";
      refuse("model", `provider ${provider} needs a model: ${example}`);
    }
    if (provider === "openai-compatible" && options.base_url === "") {
      refuse("base_url", "provider openai-compatible needs the address of its server");
    }
    if (
      options.max_cost !== null &&
      (options.input_price === null || options.output_price === null)
    ) {
      refuse("max_cost", "needs input_price and output_price, else nobody knows what is spent");
    }
  });

export type SummarizeOptions = z.output<typeof summarizeOptions>;
