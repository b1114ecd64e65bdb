/** Joins the notes of all parts into one summary, in as many rounds as their length needs. Worker side. */
import { joinedNotes } from "./answers.ts";
import type { Interview } from "./interview.ts";
import type { PartNote } from "./notes-on-parts.ts";
import { joinPrompt } from "./prompts.ts";

export type Joined = Pick<PartNote, "summary" | "points">;

export interface Joining {
  /** Tokens of notes in one request. */
  readonly limit: number;
  /** How many points are kept. */
  readonly points: number;
  /** What the reader wants to know. */
  readonly prompt: string;
}

/** Joins notes until there is one, or, for a template, until they fit into one request together. */
export async function joinParts(
  parts: readonly Joined[],
  until: "one" | "fitting",
  talk: Interview,
  { limit, points, prompt }: Joining,
): Promise<readonly Joined[]> {
  let level: readonly Joined[] = parts;
  const isDone = () =>
    level.length <= 1 || (until === "fitting" && talk.countTokens(notesOf(level).text) <= limit);
  for (let round = 1; !isDone(); round++) {
    const next: Joined[] = [];
    for (const group of groupsOf(level, limit, talk.countTokens)) {
      if (group.length === 1) {
        next.push(...group);
        continue;
      }
      const { text, numbered } = notesOf(group);
      const key = `join ${round} ${next.length}`;
      const wishes = { prompt, points, claims: 0 };
      const answer = await talk.askFor(key, joinPrompt(text, wishes), joinedNotes);
      const chosen = [...new Set(answer.points)].flatMap((number) => numbered[number - 1] ?? []);
      // A model that names no number that exists leaves us the first ones.
      next.push({
        summary: answer.summary.trim(),
        points: (chosen.length > 0 ? chosen : numbered).slice(0, points),
      });
    }
    level = next;
  }
  return level;
}

/** Neighbours whose notes fit into one request, at least two of them so that every round makes fewer. */
function groupsOf(
  parts: readonly Joined[],
  limit: number,
  countTokens: (text: string) => number,
): Joined[][] {
  const groups: Joined[][] = [];
  let tokens = 0;
  for (const part of parts) {
    const size = countTokens(notesOf([part]).text);
    const open = groups.at(-1);
    if (open !== undefined && (open.length < 2 || tokens + size <= limit)) {
      open.push(part);
      tokens += size;
    } else {
      groups.push([part]);
      tokens = size;
    }
  }
  return groups;
}

/** The notes as the model reads them, and the points by their numbers. */
export function notesOf(parts: readonly Joined[]): { text: string; numbered: Joined["points"] } {
  const numbered: Joined["points"][number][] = [];
  const text = parts.map(({ summary, points }, i) => {
    const lines = points.map((point) => `${numbered.push(point)}. ${point.text}`);
    return [`Part ${i + 1}: ${summary}`, ...lines].join("\n");
  });
  return { text: text.join("\n\n"), numbered };
}
