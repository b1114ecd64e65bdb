/** Rows as blessed's tagged text; nothing of a row can be taken for a tag. Pure. */
import blessed from "blessed";
import type { Row, Tone } from "../rows/row.ts";

const tags: Readonly<Record<Tone, readonly string[]>> = {
  plain: [],
  dim: ["gray-fg"],
  strong: ["bold"],
  accent: ["cyan-fg"],
  good: ["green-fg"],
  bad: ["red-fg"],
};

export function toTags(rows: readonly Row[], hasColor: boolean): string {
  return rows
    .map((row) => row.spans.map((span) => tagged(span.text, styleOf(span, hasColor))).join(""))
    .join("\n");
}

function styleOf({ tone, inverse }: Row["spans"][number], hasColor: boolean): readonly string[] {
  // In exchanged colours only weight is left of a tone: coloured bars read badly.
  if (inverse === true) return tone === "strong" ? ["inverse", "bold"] : ["inverse"];
  return hasColor || tone === "strong" ? tags[tone] : [];
}

function tagged(text: string, style: readonly string[]): string {
  const open = style.map((tag) => `{${tag}}`).join("");
  const close = style
    .toReversed()
    .map((tag) => `{/${tag}}`)
    .join("");
  return `${open}${blessed.escape(text)}${close}`;
}
