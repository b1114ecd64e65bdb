/** Reads SubRip and WebVTT subtitles with their times. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import type { DocumentText } from "./document-text.ts";
import { decodeText } from "./decode-text.ts";
import { speechBlocks, type Utterance } from "./speech.ts";

/** `ALICE: text`, as subtitles name a speaker. */
const SPEAKER = /^(?:<v[. ]?([^>]{1,40})>|([\p{Lu}][\p{L}.' -]{0,30}):\s)/u;

/** Reads `bytes` of the file `name`. */
export async function readSubtitles(
  bytes: Uint8Array,
  name: string,
  format: "srt" | "vtt",
): Promise<DocumentText> {
  const { text, warning } = decodeText(bytes, name);
  const { parse } = await import("subsrt-ts");
  const cues = parse(text, { format }).filter((each) => each.type === "caption");
  if (cues.length === 0) {
    throw new PermanentError(
      `${name} holds no subtitles: no cue with a time like ${format === "srt" ? "00:00:01,000 --> 00:00:04,000" : "00:01.000 --> 00:04.000"} was found`,
      { code: "damaged" },
    );
  }
  const blocks = speechBlocks(withSpeakers(withoutRepeats(cues.map(toUtterance))));
  return {
    title: null,
    language: null,
    sections: blocks.length === 0 ? [] : [{ heading: null, level: 0, blocks }],
    warnings: warning === undefined ? [] : [warning],
  };
}

function toUtterance(cue: { start: number; end: number; content: string }): Utterance {
  const plain = cue.content.replace(/\{\\[^}]*\}/g, "");
  const speaker = SPEAKER.exec(plain);
  const said = (speaker === null ? plain : plain.slice(speaker[0].length))
    .replace(/<[^<>]*>/g, "")
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, entity: string) => ENTITIES[entity] ?? " ");
  return {
    start: cue.start / 1000,
    end: cue.end / 1000,
    text: said,
    speaker: speaker?.[1]?.trim() ?? speaker?.[2]?.trim() ?? null,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };

/** Automatic captions show each line twice, once while it is spoken and once above the next: the second time is dropped. */
function withoutRepeats(utterances: readonly Utterance[]): Utterance[] {
  const kept: Utterance[] = [];
  let before: string[] = [];
  for (const each of utterances) {
    const lines = each.text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const fresh = lines.filter((line) => !before.includes(line));
    before = lines;
    if (fresh.length > 0) kept.push({ ...each, text: fresh.join(" ") });
  }
  return kept;
}

/** A speaker is named once and goes on until another one is. */
function withSpeakers(utterances: readonly Utterance[]): Utterance[] {
  let speaker: string | null = null;
  return utterances.map((each) => ({ ...each, speaker: (speaker = each.speaker ?? speaker) }));
}
