/** MOC.md: the way in. Topics with their notes, the other maps, and the claims that weigh most. Pure. */
import type { Claim } from "../join/claims.ts";
import type { Topic, TopicMap } from "../join/topics.ts";
import { mapLink, noteLink } from "./links.ts";
import { page, plural, type PageContext } from "./map-page.ts";
import { plain } from "./plain-markdown.ts";

export interface MocContent {
  /** What the map is about, as the user said it; may be empty. */
  readonly theme: string;
  readonly topics: TopicMap;
  /** The other maps: file name, how it is called, what it holds. */
  readonly maps: readonly {
    readonly fileName: string;
    readonly name: string;
    readonly holds: string;
  }[];
  /** Keywords of a note, shown behind its link. */
  readonly keywordsOf: (note: number) => readonly string[];
  /** Heaviest first; only the first few are shown. */
  readonly claims: readonly Claim[];
}

const MAX_CLAIMS = 10;

export function mocPage(content: MocContent, context: PageContext): string {
  const { theme, maps, topics, claims } = content;
  const title = theme.trim() === "" ? "Map of Content" : `Map of Content: ${plain(theme)}`;
  if (context.notes.length === 0) return page(title, context, ["There are no notes to map yet."]);
  const blocks = [
    maps
      .map(({ fileName, name, holds }) => `- ${mapLink(fileName, null, name)}: ${holds}`)
      .join("\n"),
  ];
  if (topics.topics.length > 0) {
    blocks.push(
      "## Topics",
      ...topics.topics.flatMap((topic) => topicBlocks(topic, 3, content, context)),
    );
  }
  if (topics.others.length > 0) {
    blocks.push(
      topics.topics.length > 0 ? "## Other notes" : "## Notes",
      noteLines(topics.others, content, context),
    );
  }
  const heavy = claims.slice(0, MAX_CLAIMS);
  if (heavy.length > 0) {
    blocks.push(
      "## Claims that weigh most",
      heavy.map((claim) => claimLine(claim, context)).join("\n"),
    );
  }
  return page(title, context, blocks);
}

function topicBlocks(
  topic: Topic,
  level: number,
  content: MocContent,
  context: PageContext,
): string[] {
  const heading = `${"#".repeat(level)} ${plain(topic.label)}`;
  if (topic.subtopics.length === 0) return [heading, noteLines(topic.notes, content, context)];
  return [
    heading,
    `${plural(topic.notes.length, "note")}.`,
    ...topic.subtopics.flatMap((part) => topicBlocks(part, level + 1, content, context)),
  ];
}

function noteLines(
  ids: readonly number[],
  { keywordsOf }: MocContent,
  { notes }: PageContext,
): string {
  return ids
    .flatMap((id) => {
      const note = notes[id];
      if (note === undefined) return [];
      const keywords = keywordsOf(id);
      return keywords.length === 0
        ? `- ${noteLink(note)}`
        : `- ${noteLink(note)}: ${keywords.map(plain).join(", ")}`;
    })
    .join("\n");
}

function claimLine({ statement, weight, notes }: Claim, context: PageContext): string {
  const links = notes.slice(0, 5).flatMap((id) => {
    const note = context.notes[id];
    return note === undefined ? [] : noteLink(note);
  });
  const more = notes.length > links.length ? ` and ${notes.length - links.length} more` : "";
  return `- ${plain(statement)} (${weight.toFixed(2)}; ${links.join(", ")}${more})`;
}
