/** Reads the JSON file that whisper-cli writes. Shared, pure. */
import { z } from "zod";
import type { Heard } from "./engine.ts";

/** Offsets in ms. */
const result = z.object({
  result: z.object({ language: z.string() }).partial().optional(),
  transcription: z.array(
    z.object({ offsets: z.object({ from: z.number(), to: z.number() }), text: z.string() }),
  ),
});

/** Null when it is no such file. It may cut a letter of several bytes in two: what is no UTF-8 becomes a replacement character. */
export function readWhisperJson(bytes: Uint8Array): Heard | null {
  const parsed = result.safeParse(parseJson(new TextDecoder().decode(bytes)));
  if (!parsed.success) return null;
  const { transcription, result: about } = parsed.data;
  const segments = transcription.map(({ offsets, text }) => ({
    start: offsets.from / 1000,
    end: offsets.to / 1000,
    text: text.replaceAll("\uFFFD", ""),
  }));
  return about?.language ? { segments, language: about.language } : { segments };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
