/** Blacks out e-mail addresses in a long text, block by block. After a crash it goes on at the block it was in. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { defineProcessor, SDK_VERSION, SkipItemError } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** What is saved after each block: plain data, and all that is needed to go on. */
type Block = { text: string; found: number };

export default defineProcessor({
  name: "redact",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  description: "Blacks out e-mail addresses.",
  accepts: { roles: ["transcript"], extensions: [".txt", ".md"], mimeTypes: ["text/*"] },
  produces: ["redacted"],
  options: z.object({
    replacement: z.string().default("█████").describe("Put in the place of each address."),
    linesPerBlock: z.int().min(1).default(500).describe("Lines between two checkpoints."),
  }),

  async process({ source, artifacts }, ctx) {
    const { replacement, linesPerBlock } = ctx.options;
    const input = artifacts.find(({ role }) => role === "transcript") ?? source;

    // The blocks that an earlier attempt finished, in order; none on the first.
    const blocks = (await ctx.checkpoint.load<Block>())?.parts ?? [];
    if (blocks.length > 0) ctx.log.info(`going on after block ${blocks.length}`);

    const bytes = Math.max(1, Bun.file(input.path).size);
    let at = 0;
    let read = 0;
    for await (const lines of linesInBlocks(input.path, linesPerBlock)) {
      ctx.signal.throwIfAborted();
      read += Buffer.byteLength(lines);
      at += 1;
      if (at <= blocks.length) continue;

      const block = redact(lines, replacement);
      blocks.push(block);
      await ctx.checkpoint.append(block);
      ctx.progress(Math.min(1, read / bytes), `block ${at}`);
    }

    const found = blocks.reduce((sum, block) => sum + block.found, 0);
    if (found === 0) throw new SkipItemError(`${source.name} has no e-mail address in it`);
    const path = ctx.output("redacted", `${source.stem}_redacted.txt`);
    await Bun.write(path, blocks.map(({ text }) => text).join(""));
    return { meta: { found } };
  },
});

function redact(lines: string, replacement: string): Block {
  let found = 0;
  const text = lines.replace(EMAIL, () => {
    found += 1;
    return replacement;
  });
  return { text, found };
}

/** Streams the file, which may be larger than the memory a step should take. All line ends become `\n`. */
async function* linesInBlocks(path: string, size: number): AsyncGenerator<string> {
  let block: string[] = [];
  const file = createReadStream(path, "utf8");
  for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
    block.push(`${line}\n`);
    if (block.length < size) continue;
    yield block.join("");
    block = [];
  }
  if (block.length > 0) yield block.join("");
}
