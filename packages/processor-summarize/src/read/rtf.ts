/** Reads rich text (.rtf): follows its groups and control words, and keeps paragraphs and headings. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { oneLine, SectionBuilder, type DocumentText } from "./document-text.ts";
import { breathe, checkTextSize, type ReadLimits } from "./limits.ts";
import { rtfTokens } from "./rtf-tokens.ts";

/** Groups that hold no text of the document. */
const SKIPPED = new Set(
  "fonttbl colortbl pict object header headerl headerr headerf footer footerl footerr footerf footnote fldinst themedata colorschememapping datastore listtable listoverridetable rsidtbl generator xmlnstbl latentstyles nonshppict bkmkstart bkmkend filetbl revtbl".split(
    " ",
  ),
);
/** A table cell with fewer words is a figure or a label, not prose. */
const MIN_CELL_WORDS = 12;
/** Tokens between two breaths. */
const STRIDE = 50_000;
/** Groups that are open at once; a file with more is damaged. */
const MAX_DEPTH = 10_000;

/** What a group inherits from the one around it. */
interface Group {
  readonly into: "text" | "skip" | "info" | "title" | "styles";
  /** Characters that stand in for one `\u` character. */
  fallback: number;
}

/** Reads `bytes` of the file `name`. */
export async function readRtf(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
): Promise<DocumentText> {
  const builder = new SectionBuilder();
  const groups: Group[] = [{ into: "text", fallback: 1 }];
  /** Heading level by number of the style. */
  const levels = new Map<number, number>();
  let title = "";
  let style = { number: 0, name: "" };
  let paragraph = { text: "", level: 0, isCell: false };
  let page = 1;
  let count = 0;
  let skip = 0;
  let seen = 0;
  let textBytes = 0;

  const finish = () => {
    const line = oneLine(paragraph.text);
    const { level, isCell } = paragraph;
    paragraph = { ...paragraph, text: "" };
    if (line === "" || (isCell && line.split(" ").length < MIN_CELL_WORDS)) return;
    if (level > 0 && line.length < 200) return builder.heading(line, level);
    count += 1;
    builder.block({ text: line, marks: [{ at: 0, position: { page, paragraph: count } }] });
  };
  const finishStyle = () => {
    const level = /^heading (\d)\b/i.exec(style.name.trim())?.[1];
    if (level !== undefined) levels.set(style.number, Number(level));
    style = { number: 0, name: "" };
  };
  const add = (text: string, group: Group) => {
    if (group.into === "text") {
      textBytes += text.length;
      checkTextSize(textBytes, name, limits);
      paragraph.text += text;
    } else if (group.into === "title") title += text;
    else if (group.into === "styles") style.name += text;
  };
  const inBody = (word: string, value: number) => {
    if (word === "par" || word === "sect") finish();
    else if (word === "cell" || word === "row") {
      paragraph.isCell = true;
      finish();
    } else if (word === "pard") paragraph = { ...paragraph, level: 0, isCell: false };
    else if (word === "intbl") paragraph.isCell = true;
    else if (word === "s") paragraph.level = levels.get(value) ?? paragraph.level;
    else if (word === "outlinelevel" && value < 9) paragraph.level = value + 1;
    else if (word === "page") page += 1;
  };

  for (const token of rtfTokens(bytes)) {
    if ((seen += 1) % STRIDE === 0) await breathe(limits.signal);
    const group = groups.at(-1) ?? { into: "text", fallback: 1 };
    if (token.kind === "open") {
      groups.push({ ...group });
      if (groups.length > MAX_DEPTH) throw damaged(name);
    } else if (token.kind === "close") {
      if (groups.length > 1) groups.pop();
      if (group.into === "styles") finishStyle();
    } else if (token.kind === "text") {
      const text = token.text.slice(Math.min(skip, token.text.length));
      skip -= token.text.length - text.length;
      add(text, group);
    } else if (token.kind === "unicode") {
      add(token.text, group);
      skip = group.fallback;
    } else if (token.word === "uc") group.fallback = token.value;
    else if (token.word === "*" || SKIPPED.has(token.word)) enter(groups, "skip");
    else if (token.word === "info") enter(groups, "info");
    else if (token.word === "title" && group.into === "info") enter(groups, "title");
    else if (token.word === "stylesheet") enter(groups, "styles");
    else if (group.into === "styles" && token.word === "s") style.number = token.value;
    else if (group.into === "text") inBody(token.word, token.value);
  }
  finish();
  return { title: oneLine(title) || null, language: null, sections: builder.build(), warnings: [] };
}

/** From here on, to the end of the group. */
function enter(groups: Group[], into: Group["into"]): void {
  const group = groups.at(-1);
  if (group !== undefined && group.into !== "skip") groups[groups.length - 1] = { ...group, into };
}

function damaged(name: string): PermanentError {
  return new PermanentError(
    `${name} has more than ${MAX_DEPTH} groups inside each other, so it is damaged: open it in a word processor and save it again`,
    { code: "damaged" },
  );
}
