/** Counts the words of a text. A first processor: one source in, one output out. */
import { defineProcessor, PermanentError, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "hello",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  description: "Counts the words of a text.",
  accepts: { extensions: [".txt", ".md"], mimeTypes: ["text/*"] },
  produces: ["count"],
  options: z.object({
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .default("en")
      .describe("Language whose rules tell words apart, as a code of two or three letters."),
  }),

  async process({ source }, ctx) {
    const text = decodeUtf8(await Bun.file(source.path).bytes(), source.name);
    const words = countWords(text, ctx.options.language);

    const path = ctx.output("count", `${source.stem}_count.txt`);
    await Bun.write(path, `${source.relativePath}: ${words} words\n`);
    return { meta: { words } };
  },
});

function countWords(text: string, language: string): number {
  const segments = new Intl.Segmenter(language, { granularity: "word" }).segment(text);
  let words = 0;
  for (const { isWordLike } of segments) if (isWordLike) words += 1;
  return words;
}

/** The same bytes will never be UTF-8: trying again is of no use, so the error is permanent. */
function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PermanentError(`${name} is not UTF-8 text: convert it, for example with iconv`, {
      code: "not_utf8",
      cause,
    });
  }
}
