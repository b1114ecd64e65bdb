/** Writes the text that was read as Markdown with its headings, for later stages and for people. Pure. */
import { stringify } from "yaml";
import type { DocumentText, Position } from "../read/document-text.ts";
import { escapeLine, escapeMarkdown } from "./escape.ts";
import { clock } from "./position.ts";

/** What the front matter says. */
export interface TextFacts {
  readonly title: string;
  readonly sourceFile: string;
  readonly language: string;
}

/** The note: one paragraph a block, headings as they were, and a comment where a new page or minute begins. */
export function textNote({ title, sourceFile, language }: TextFacts, text: DocumentText): string {
  const frontMatter = stringify(
    { title, source_file: sourceFile, language },
    { version: "1.1", lineWidth: 0 },
  );
  const lines = [`# ${escapeMarkdown(title)}`];
  let before: string | null = null;
  for (const { heading, level, blocks } of text.sections) {
    if (heading !== null) {
      lines.push(`${"#".repeat(Math.min(6, Math.max(2, level + 1)))} ${escapeMarkdown(heading)}`);
    }
    for (const block of blocks) {
      const mark = markOf(block.marks[0]?.position ?? {});
      if (mark !== null && mark !== before) lines.push(`%% ${mark} %%`);
      before = mark ?? before;
      lines.push(escapeLine(block.text));
    }
  }
  return `---\n${frontMatter}---\n\n${lines.join("\n\n")}\n`;
}

/** `p. 3`, or the minute `12:00`: Obsidian does not show what stands between two `%%`. */
function markOf({ page, seconds }: Position): string | null {
  if (page !== undefined) return `p. ${page}`;
  return seconds === undefined ? null : clock(Math.floor(seconds / 60) * 60);
}
