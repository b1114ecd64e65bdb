/** Writes the summary as a Markdown note for Obsidian and everything else that reads Markdown. Pure. */
import { stringify } from "yaml";
import { escapeLine, escapeMarkdown } from "./escape.ts";

/** What the front matter says. */
export interface NoteFacts {
  readonly title: string;
  readonly sourceFile: string;
  readonly provider: string;
  readonly model: string;
  readonly template: string;
  readonly language: string;
  readonly date: Date;
  /** Tokens of the answers the summary is made of; null when no model was asked. */
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** In the currency of the prices; null when they are not known. */
  readonly cost: number | null;
  /** The model had to stop before its end. */
  readonly isCut: boolean;
  /** Characters of the source's text. */
  readonly inputLength: number;
}

/** What the note says, as plain text. */
export interface NoteContent {
  /** The short paragraph; empty for none. */
  readonly overview: string;
  /** What a template asked for, already Markdown; stands where the paragraph would. */
  readonly markdown: string | null;
  /** Each with its place in the source, if known. */
  readonly points: readonly { readonly text: string; readonly place: string | null }[];
  readonly parts: readonly { readonly title: string; readonly text: string }[];
  readonly keywords: readonly string[];
}

/** The note, and how many characters its text below the front matter has. */
export function summaryNote(
  facts: NoteFacts,
  content: NoteContent,
): { note: string; summaryLength: number } {
  const { markdown, overview, keywords } = content;
  const body = [
    `# ${escapeMarkdown(facts.title)}`,
    ...(markdown === null ? section("## Summary", escapeLine(overview)) : [markdown.trim()]),
    ...section("## Key points", pointLines(content)),
    ...section("## By section", partLines(content)),
    ...section("## Keywords", keywords.map(escapeMarkdown).join(", ")),
  ].join("\n\n");
  const { tokens, cost } = facts;
  const frontMatter = stringify(
    {
      title: facts.title,
      source_file: facts.sourceFile,
      date: facts.date.toISOString(),
      provider: facts.provider,
      model: facts.model,
      template: facts.template,
      language: facts.language,
      tokens: (tokens?.input ?? 0) + (tokens?.output ?? 0),
      ...(tokens === null ? {} : { input_tokens: tokens.input, output_tokens: tokens.output }),
      ...(cost === null ? {} : { cost }),
      ...(facts.isCut ? { truncated: true } : {}),
      input_length: facts.inputLength,
      summary_length: body.length,
      keywords,
    },
    // Older readers take a bare `yes` or date for something else than text.
    { version: "1.1", lineWidth: 0 },
  );
  return { note: `---\n${frontMatter}---\n\n${body}\n`, summaryLength: body.length };
}

/** A heading with its content; nothing at all when it has none. */
function section(heading: string, content: string): string[] {
  return content === "" ? [] : [heading, content];
}

function pointLines({ points }: NoteContent): string {
  return points
    .map(({ text, place }) =>
      place === null ? `- ${escapeLine(text)}` : `- ${escapeLine(text)} (${escapeMarkdown(place)})`,
    )
    .join("\n");
}

function partLines({ parts }: NoteContent): string {
  return parts
    .map(({ title, text }) => `- **${escapeMarkdown(title)}**: ${escapeMarkdown(text)}`)
    .join("\n");
}
