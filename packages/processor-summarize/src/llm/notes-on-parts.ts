/** Gets the model's notes on every part, and finds what they quote in the text. Worker side. */
import type { Log } from "@knowledge-chipper/plugin-sdk";
import type { Claim } from "../claims/find-claims.ts";
import type { SummarizeOptions } from "../options.ts";
import { COUNTS } from "../summary.ts";
import { fullPosition, shortPosition } from "../write/position.ts";
import { partNotes, type PartNotes } from "./answers.ts";
import type { Chunk } from "./chunks.ts";
import { findQuote } from "./find-quote.ts";
import type { Interview } from "./interview.ts";
import { partPrompt, type Wishes } from "./prompts.ts";

export interface PartNote {
  readonly title: string | null;
  readonly summary: string;
  readonly points: readonly { readonly text: string; readonly place: string | null }[];
  readonly claims: readonly Claim[];
  readonly keywords: readonly string[];
}

/** The notes, in the order of the parts. */
export async function notesOnParts(
  chunks: readonly Chunk[],
  talk: Interview,
  options: SummarizeOptions,
  log: Log,
): Promise<PartNote[]> {
  const wishes = wishesOf(options);
  const parts: PartNote[] = [];
  let unfounded = 0;
  for (const [i, chunk] of chunks.entries()) {
    const part = chunks.length === 1 ? "this text" : `part ${i + 1} of ${chunks.length} of a text`;
    const notes = await talk.askFor(`part ${i}`, partPrompt(chunk.text, part, wishes), partNotes);
    const claims = options.claims ? claimsOf(notes, chunk) : [];
    unfounded += options.claims ? notes.claims.length - claims.length : 0;
    parts.push({
      title: chunk.title,
      summary: notes.summary.trim(),
      points: pointsOf(notes, chunk),
      claims,
      keywords: notes.keywords,
    });
  }
  if (unfounded > 0) {
    log.warn(`${unfounded} claims of the model were left out: what they quote is not in the text`);
  }
  return parts;
}

/** A point whose quote is not in the text is kept: it may put several sentences together. It has no place then. */
function pointsOf({ points }: PartNotes, { pieces }: Chunk): PartNote["points"] {
  return points
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, quote }) => {
      const found = findQuote(quote, pieces);
      return { text: text.trim(), place: found === null ? null : shortPosition(found) };
    });
}

/** A claim without its quote is one of the model, not of the text. */
function claimsOf({ claims }: PartNotes, { pieces }: Chunk): Claim[] {
  return claims.flatMap(({ statement, type, confidence, quote }) => {
    const found = findQuote(quote, pieces);
    if (found === null || statement.trim() === "") return [];
    return {
      statement: statement.trim(),
      type,
      confidence: Math.round(Math.min(0.95, Math.max(0.1, confidence)) * 100) / 100,
      quote: found.text,
      position: fullPosition(found),
    };
  });
}

function wishesOf({ length, max_points, claims, prompt }: SummarizeOptions): Wishes {
  const counts = COUNTS[length];
  return { prompt, points: max_points ?? counts.points, claims: claims ? counts.claims : 0 };
}
