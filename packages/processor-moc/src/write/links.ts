/** Links from the maps, which lie in `moc/`, to notes in the output folder, which is the vault. Pure. */
import type { NoteRef } from "../join/note-index.ts";
import type { Place } from "../read/passage.ts";
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

/** A link to the page of a person, model or term. */
export function pageLink(stem: string, shown: string): string {
  return `[[${MAPS_FOLDER}/${stem}|${linkText(shown)}]]`;
}

/** A link to the block, heading or second in the note's files; the bare time where only that is known; null where nothing is. */
export function placeLink({ files }: NoteRef, place: Place): string | null {
  const file = place.inSummary === true ? files.summary : files.text;
  const { block, heading, second } = place;
  const shown = second === undefined ? (heading ?? `^${block ?? ""}`) : clock(second);
  if (file !== undefined && canBeWikilink(file)) {
    const path = file.replace(/\.md$/i, "");
    if (block !== undefined) return `[[${path}#^${block}|${linkText(shown)}]]`;
    if (heading !== undefined) return `[[${path}#${heading}|${linkText(shown)}]]`;
  }
  if (second === undefined) return null;
  const { recording } = files;
  return recording !== undefined && isPlainPath(recording)
    ? `[[${recording}#t=${second}|${shown}]]`
    : shown;
}

/** `MM:SS`, or `H:MM:SS` from an hour on. */
function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  const hours = Math.floor(seconds / 3600);
  return (hours > 0 ? [String(hours), ...parts] : parts).join(":");
}

/** Some marks end a wikilink or mean something in it or in Markdown; Obsidian trims spaces and takes a last `.md` for the extension. */
export function canBeWikilink(path: string): boolean {
  const stem = path.replace(/\.md$/i, "");
  return path.endsWith(".md") && !stem.endsWith(".md") && isPlainPath(stem);
}

function isPlainPath(stem: string): boolean {
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
