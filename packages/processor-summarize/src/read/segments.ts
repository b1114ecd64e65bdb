/** Reads the segments that the audio stage made of a recording. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";
import type { DocumentText } from "./document-text.ts";
import { speechBlocks } from "./speech.ts";

const Segments = z.object({
  version: z.literal(1),
  language: z.string().nullish(),
  segments: z.array(
    z.object({
      start: z.number(),
      end: z.number(),
      text: z.string(),
      speaker: z.string().nullish(),
    }),
  ),
});

/** Reads the JSON `bytes` of the file `name`. */
export function readSegments(bytes: Uint8Array, name: string): DocumentText {
  const parsed = Segments.safeParse(parseJson(bytes, name));
  if (!parsed.success) throw unusable(name, z.prettifyError(parsed.error), parsed.error);
  const { language, segments } = parsed.data;
  const utterances = segments.map((each) => ({ ...each, speaker: each.speaker ?? null }));
  const blocks = speechBlocks(utterances);
  return {
    title: null,
    language: language ?? null,
    sections: blocks.length === 0 ? [] : [{ heading: null, level: 0, blocks }],
    warnings: [],
  };
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw unusable(name, (error as Error).message, error);
  }
}

function unusable(name: string, why: string, cause: unknown): PermanentError {
  return new PermanentError(
    `${name} does not hold the segments of a transcript: ${why}. Run the audio stage again`,
    { code: "damaged", cause },
  );
}
