/** Checks the links of a vault the way Obsidian resolves them: note by path, name or alias, then heading, block id or time. I/O. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { parse } from "yaml";

interface Note {
  readonly headings: ReadonlySet<string>;
  readonly blocks: ReadonlySet<string>;
  readonly aliases: readonly string[];
}

interface Vault {
  /** Paths with `/`, relative to the vault. */
  readonly files: ReadonlySet<string>;
  readonly notes: ReadonlyMap<string, Note>;
  /** Notes by name and by alias, in lower case. */
  readonly names: ReadonlyMap<string, string>;
}

export interface LinkCheck {
  readonly links: number;
  /** `file: link: what is wrong`. */
  readonly broken: readonly string[];
}

/** Checks every link in the notes that `checked` picks; the whole folder is the vault. */
export function checkLinks(folder: string, checked: (path: string) => boolean): LinkCheck {
  const vault = openVault(folder);
  const broken: string[] = [];
  let links = 0;
  for (const path of [...vault.notes.keys()].filter(checked)) {
    const text = shownText(readFileSync(join(folder, path), "utf8"));
    for (const [target, shown] of linksIn(text)) {
      links += 1;
      const problem = problemOf(target, path, vault);
      if (problem !== null) broken.push(`${path}: ${shown}: ${problem}`);
    }
  }
  return { links, broken };
}

/** File names that some system or Obsidian itself would not take, and those that differ in case alone. */
export function badNames(folder: string): string[] {
  const seen = new Map<string, string>();
  return filesOf(folder).flatMap((path) => {
    const name = posix.basename(path);
    const stem = name.replace(/\.[^.]*$/, "");
    const key = path.normalize("NFC").toLowerCase();
    const twin = seen.get(key);
    seen.set(key, path);
    const illegal =
      /[*"\\<>:|?#^[\]\p{Cc}]/u.test(name) ||
      /^[\s.]|[\s.]$/.test(stem) ||
      /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(stem) ||
      Buffer.byteLength(name) > 255;
    return illegal || twin !== undefined ? [path] : [];
  });
}

function openVault(folder: string): Vault {
  const files = filesOf(folder);
  const notes = new Map<string, Note>();
  const names = new Map<string, string>();
  for (const path of files.filter((file) => file.endsWith(".md"))) {
    const note = openNote(readFileSync(join(folder, path), "utf8"));
    notes.set(path, note);
    for (const name of [posix.basename(path, ".md"), ...note.aliases])
      if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), path);
  }
  return { files: new Set(files), notes, names };
}

function openNote(text: string): Note {
  const front = /^---\n([^]*?)\n---$/m.exec(text);
  const data: unknown = text.startsWith("---\n") && front ? parse(front[1] ?? "") : {};
  const aliases: unknown =
    typeof data === "object" && data !== null ? Reflect.get(data, "aliases") : [];
  const lines = shownText(text).split("\n");
  return {
    headings: new Set(lines.flatMap((line) => heading(line) ?? [])),
    blocks: new Set(lines.flatMap((line) => /(?:^|\s)\^([A-Za-z0-9-]+)\s*$/.exec(line)?.[1] ?? [])),
    aliases: Array.isArray(aliases) ? aliases.map(String) : [],
  };
}

function heading(line: string): string | null {
  const match = /^ {0,3}#{1,6}\s+(.*?)\s*$/.exec(line);
  return match === null ? null : folded(unescaped(match[1] ?? ""));
}

/** Every wikilink and relative Markdown link, with how it is written. */
function linksIn(text: string): [target: string, written: string][] {
  const wiki = [...text.matchAll(/(?<!\\)\[\[([^[\]]+?)\]\]/g)].map(
    ([written, inner = ""]): [string, string] => [inner.split("|")[0] ?? "", written],
  );
  const plain = [...text.matchAll(/(?<![\\[])\[[^[\]]*\]\(([^()\s]+)\)/g)]
    .filter(([, address = ""]) => !/^[a-z]+:/i.test(address))
    .map(([written, address = ""]): [string, string] => [
      `./${decodeURIComponent(address)}`,
      written,
    ]);
  return [...wiki, ...plain];
}

function problemOf(target: string, from: string, vault: Vault): string | null {
  const [path = "", ...anchors] = target.split("#");
  const file = resolve(path, from, vault);
  if (file === null) return "no such note";
  const anchor = anchors.at(-1);
  if (anchor === undefined) return null;
  const note = vault.notes.get(file);
  if (note === undefined)
    return /^t=\d+$/.test(anchor) ? null : "only a time can follow a recording";
  if (anchor.startsWith("^")) return note.blocks.has(anchor.slice(1)) ? null : "no such block";
  return note.headings.has(folded(anchor)) ? null : "no such heading";
}

function resolve(path: string, from: string, { files, names }: Vault): string | null {
  if (path === "") return from;
  if (path.startsWith("./")) {
    const at = posix.join(posix.dirname(from), path);
    return files.has(at) ? at : null;
  }
  for (const candidate of [`${path}.md`, path]) if (files.has(candidate)) return candidate;
  return path.includes("/") ? null : (names.get(path.toLowerCase()) ?? null);
}

/** Without code and comments, where links mean nothing. */
function shownText(text: string): string {
  return text
    .replace(/^(```|~~~)[^]*?^\1.*$/gm, "")
    .replace(/`[^`\n]*`/g, "")
    .replace(/%%[^]*?%%/g, "");
}

function unescaped(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, "$1");
}

/** Obsidian compares headings without the marks that links cannot hold. */
function folded(text: string): string {
  return text
    .replace(/[#^|[\]:%\\]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith("."))
    .sort();
}
