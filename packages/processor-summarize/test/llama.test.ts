import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parse } from "yaml";
import { llamaFolder } from "./support/llama.ts";
import { makeGguf } from "./support/make-gguf.ts";
import { scratchFolder, summarizeFile } from "./support/scratch.ts";

const talk = join(import.meta.dir, "../../../examples/documents/talks/pressure-and-flow.txt");

describe("a model in the worker itself (needs node-llama-cpp)", () => {
  test.skipIf(llamaFolder === null)(
    "writes a summary, with progress, tokens and its name",
    async () => {
      await using scratch = await scratchFolder();
      const model = await scratch.file("synthetic.gguf", makeGguf());
      const note = await scratch.file("a.txt", "The river rises when the snow melts.");
      const options = {
        provider: "node-llama-cpp",
        model,
        llama_dir: llamaFolder ?? "",
        template: "brief",
        claims: false,
        max_tokens: 64,
        retries: 0,
        chunk_tokens: 500,
      } as const;
      const result = await summarizeFile({ source: note, options });
      expect(result.error).toBeUndefined();
      const front = parse(result.note.split("---\n")[1] ?? "") as Record<string, unknown>;
      expect(front).toMatchObject({
        provider: "node-llama-cpp",
        model: "synthetic.gguf",
        template: "brief",
      });
      expect(front["input_tokens"]).toBeGreaterThan(100);
      expect(front["output_tokens"]).toBeWithin(1, 80);
      expect(result.note).not.toContain(scratch.path);
      // The same seed, the same words.
      const again = await summarizeFile({ source: note, options });
      expect(again.note).toBe(result.note);
    },
    60_000,
  );

  test.skipIf(llamaFolder === null)(
    "that is damaged is named with the reason",
    async () => {
      await using scratch = await scratchFolder();
      const model = await scratch.file("cut.gguf", makeGguf("cut"));
      const options = {
        provider: "node-llama-cpp",
        model,
        llama_dir: llamaFolder ?? "",
        retries: 0,
      } as const;
      const { error } = await summarizeFile({ source: talk, options });
      expect(error?.message).toContain(`the model ${model} cannot be loaded`);
      expect(error).toMatchObject({ name: "PermanentError", code: "llm_bad_model" });
    },
    60_000,
  );
});
