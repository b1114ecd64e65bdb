/** Writes the summary as a Markdown note for Obsidian and everything else that reads Markdown. Pure. */
import { stringify } from "yaml";
import type { Highlights } from "../rank/find-highlights.ts";
import { standAlone } from "../claims/find-claims.ts";
import { escapeLine, escapeMarkdown } from "./escape.ts";
import { shortPosition } from "./position.ts";

/** What the front matter says. */
export interface NoteFacts {
  readonly title: string;
  readonly sourceFile: string;
  readonly provider: string;
  readonly model: string;
  readonly language: string;
  readonly date: Date;
  /** Characters of the source's text. */
  readonly inputLength: number;
}

/** The note, and how many characters its text below the front matter has. */
export function summaryNote(
  facts: NoteFacts,
  highlights: Highlights,
): { note: string; summaryLength: number } {
  const body = [
    `# ${escapeMarkdown(facts.title)}`,
    "## Summary",
    escapeLine(paragraph(highlights, facts.language)),
    ...section("## Key points", pointLines(highlights)),
    ...section("## By section", partLines(highlights)),
    ...section("## Keywords", highlights.keywords.map(escapeMarkdown).join(", ")),
  ].join("\n\n");
  const frontMatter = stringify(
    {
      title: facts.title,
      source_file: facts.sourceFile,
      date: facts.date.toISOString(),
      provider: facts.provider,
      model: facts.model,
      language: facts.language,
      input_length: facts.inputLength,
      summary_length: body.length,
      keywords: highlights.keywords,
    },
    // Older readers take a bare `yes` or date for something else than text.
    { version: "1.1", lineWidth: 0 },
  );
  return { note: `---\n${frontMatter}---\n\n${body}\n`, summaryLength: body.length };
}

/** Chinese and Japanese put no space between sentences. */
function paragraph({ overview }: Highlights, language: string): string {
  const glue = language === "ja" || language === "zh" ? "" : " ";
  return overview.map((sentence) => standAlone(sentence.text)).join(glue);
}

/** A heading with its content; nothing at all when it has none. */
function section(heading: string, content: string): string[] {
  return content === "" ? [] : [heading, content];
}

function pointLines({ points }: Highlights): string {
  return points
    .map((sentence) => {
      const place = shortPosition(sentence);
      const text = escapeLine(standAlone(sentence.text));
      return place === null ? `- ${text}` : `- ${text} (${escapeMarkdown(place)})`;
    })
    .join("\n");
}

function partLines({ parts }: Highlights): string {
  return parts
    .map(
      ({ title, sentence }) =>
        `- **${escapeMarkdown(title)}**: ${escapeMarkdown(standAlone(sentence.text))}`,
    )
    .join("\n");
}
