/** Links from the maps, which lie in `moc/`, to notes in the output folder, which is the vault. Pure. */
import type { NoteRef } from "../join/note-index.ts";
import { linkText, plain } from "./plain-markdown.ts";

/** The folder the host puts the maps into. */
const MAPS_FOLDER = "moc";

/** A link to the note, or its name where there is nothing to open: then the path of the source tells which it is. */
export function noteLink({ target, title, source }: NoteRef): string {
  if (target === null) {
    const named = source.replace(/\.[^./]*$/, "").endsWith(title);
    return named ? plain(source) : `${plain(title)} (${plain(source)})`;
  }
  return canBeWikilink(target)
    ? `[[${target.replace(/\.md$/i, "")}|${linkText(title)}]]`
    : `[${plain(title)}](../${encodePath(target)})`;
}

/** A link to another map, or to a heading in it. */
export function mapLink(fileName: string, heading: string | null, shown: string): string {
  const name = `${MAPS_FOLDER}/${fileName.replace(/\.md$/, "")}`;
  return heading === null
    ? `[[${name}|${shown}]]`
    : `[[${name}#${linkText(heading)}|${linkText(shown)}]]`;
}

/** Some marks end a wikilink or mean something in it or in Markdown; Obsidian trims spaces and takes a last `.md` for the extension. */
function canBeWikilink(path: string): boolean {
  const stem = path.replace(/\.md$/i, "");
  if (!path.endsWith(".md") || stem.endsWith(".md")) return false;
  if (stem !== stem.trim() || /(?:^|\/)\s|\s(?:\/|$)/.test(stem)) return false;
  if (/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}_])/u.test(stem)) return false;
  return !/[[\]#^|\\<>`*$~{}\p{Cc}\u2028\u2029]|%%|==|\s\s|&#?\w{1,31};/u.test(stem);
}

function encodePath(path: string): string {
  return path
    .split("/")
    .map((part) =>
      encodeURIComponent(part.toWellFormed()).replace(
        /[!'()*~]/g,
        (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");
}
