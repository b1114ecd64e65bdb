/** Says the picked sentences of a text as the content of a note. Pure. */
import { standAlone } from "../claims/find-claims.ts";
import { shortPosition } from "../write/position.ts";
import type { NoteContent } from "../write/summary-note.ts";
import type { Highlights } from "./find-highlights.ts";

/** Each sentence made to stand alone, with its place. */
export function highlightsContent(
  { overview, points, parts, keywords }: Highlights,
  language: string,
): NoteContent {
  // Chinese and Japanese put no space between sentences.
  const glue = language === "ja" || language === "zh" ? "" : " ";
  return {
    overview: overview.map((sentence) => standAlone(sentence.text)).join(glue),
    markdown: null,
    points: points.map((sentence) => ({
      text: standAlone(sentence.text),
      place: shortPosition(sentence),
    })),
    parts: parts.map(({ title, sentence }) => ({ title, text: standAlone(sentence.text) })),
    keywords,
  };
}
