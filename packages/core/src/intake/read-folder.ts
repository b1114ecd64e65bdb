/** One folder of a walk: its files in columns (a million of them must fit), its subfolders, and what was left out. Host, reads the file system. */
import type { GivenNode } from "./given-tree.ts";
import type { GlobFilter } from "./glob-filter.ts";
import { lookAt, type Entry } from "./look-at.ts";
import { quoted, reasonOf, type IntakeNotice } from "./notice.ts";
import { entersOwnPlace, isOwnPath, type OwnPlaces } from "./own-places.ts";
import { planStems } from "./plan-names.ts";
import { compareNames, readNames, sortNames } from "./read-names.ts";
import type { SeenFiles } from "./seen-files.ts";

export interface Folder {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly relativePath: string;
  /** Everything in it is taken, not only what was given by name. */
  readonly readAll: boolean;
  /** What was given inside it. */
  readonly node: GivenNode | undefined;
}

export interface Subfolder extends Folder {
  readonly name: string;
}

/** What a folder holds, being collected. */
interface Draft {
  readonly folder: Folder;
  /** Columns, in order of name. */
  readonly files: {
    readonly names: string[];
    readonly bytes: number[];
    /** Whole milliseconds. */
    readonly mtimes: number[];
    /** Where links lead, by position. */
    readonly targets: Map<number, string>;
  };
  readonly folders: Subfolder[];
}

export interface Listing extends Draft {
  readonly stemOf: (name: string) => string;
}

/** What a whole walk shares. */
export interface WalkContext {
  readonly places: OwnPlaces;
  readonly filter: GlobFilter;
  readonly seen: SeenFiles;
  /** Folders read so far: absolute path -> relative path. */
  readonly entered: Map<string, string>;
  /** Until the first link, no file but a hard-linked one can be met twice. */
  linksFollowed: boolean;
  isOurs(path: string): boolean;
  notify(notice: IntakeNotice): void;
}

/** Entries looked at side by side: enough for a network drive, few enough to stay small. */
const AT_ONCE = 256;

export async function readFolder(folder: Folder, context: WalkContext): Promise<Listing> {
  const files: Draft["files"] = { names: [], bytes: [], mtimes: [], targets: new Map() };
  const draft: Draft = { folder, files, folders: [] };
  const names = await namesToTake(folder, context);
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const slice = names.slice(start, start + AT_ONCE);
    const entries = await Promise.all(
      slice.map((name) => lookAt(below(folder.path, name), below(folder.relativePath, name))),
    );
    for (const [at, entry] of entries.entries()) {
      await take(slice[at] ?? "", entry, draft, context);
    }
  }
  draft.folders.sort((left, right) => compareNames(`${left.name}/`, `${right.name}/`));
  return { ...draft, stemOf: planStems(folder.relativePath, files.names) };
}

/** Names in the folder that may be entered, with those given by name even where they are hidden. */
async function namesToTake(folder: Folder, context: WalkContext): Promise<string[]> {
  const given = folder.node?.children;
  const shown = folder.relativePath === "" ? folder.path : folder.relativePath;
  if (!folder.readAll || !mayRead(folder, shown, context))
    return sortNames([...(given?.keys() ?? [])]);
  try {
    const { names, invalid } = await readNames(folder.path);
    for (const name of invalid) {
      const message = `A file in ${quoted(shown)} has a name that is not UTF-8 (about ${quoted(name)}); rename it to have it taken.`;
      context.notify({
        code: "input_name_invalid",
        path: below(folder.relativePath, name),
        message,
      });
    }
    const taken = names.filter((name) => !isLeftOut(name) || given?.has(name) === true);
    return given === undefined ? taken : sortNames([...new Set([...taken, ...given.keys()])]);
  } catch (error) {
    const message = `The folder ${quoted(shown)} cannot be read: ${reasonOf(error)}. What is in it is left out.`;
    context.notify({ code: "input_unreadable", path: shown, message });
    return sortNames([...(given?.keys() ?? [])]);
  }
}

/** A folder is read once, and one of ours never. */
function mayRead(folder: Folder, shown: string, context: WalkContext): boolean {
  if (isOwnPath(context.places, folder.path)) {
    const message = `${quoted(shown)} is where Knowledge Chipper keeps its own records; give another folder.`;
    context.notify({ code: "input_ours", path: shown, message });
    return false;
  }
  const first = context.entered.get(folder.path);
  if (first !== undefined) {
    const message = `${quoted(shown)} is the same folder as ${quoted(first || ".")}; its files are taken once.`;
    context.notify({ code: "input_duplicate", path: shown, message });
    return false;
  }
  context.entered.set(folder.path, folder.relativePath);
  return true;
}

function isLeftOut(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/** Puts one entry where it belongs: among the files, among the folders, or nowhere. */
async function take(name: string, entry: Entry, draft: Draft, context: WalkContext): Promise<void> {
  const { folder, folders } = draft;
  const node = folder.node?.children.get(name);
  const relativePath = below(folder.relativePath, name);
  if (entry.kind === "none") {
    if (entry.notice !== null) context.notify(entry.notice);
    return;
  }
  const byName = node !== undefined;
  if (!byName && entersOwnPlace(context.places, folder.path, entry.path)) return;
  if (entry.viaLink) context.linksFollowed = true;
  if (entry.kind === "file") return takeFile(name, relativePath, entry, byName, draft, context);
  if (!context.filter.entersFolder(relativePath)) return;
  const readAll = node?.given === true || (folder.readAll && !isLeftOut(name));
  folders.push({ name, path: entry.path, relativePath, readAll, node });
}

async function takeFile(
  name: string,
  relativePath: string,
  entry: Entry & { kind: "file" },
  byName: boolean,
  { folder, files }: Draft,
  context: WalkContext,
): Promise<void> {
  if (!context.filter.takesFile(relativePath)) return;
  if ([entry.path, below(folder.path, name)].some((path) => isOwnPath(context.places, path))) {
    if (byName) context.notify(oursNotice(relativePath));
    return;
  }
  if (context.isOurs(entry.path)) return context.notify(oursNotice(relativePath));
  const isNew = await context.seen.take(entry.path, entry.facts);
  if (!isNew && (entry.viaLink || entry.facts.nlink > 1 || context.linksFollowed)) {
    return context.notify(duplicateNotice(relativePath, entry));
  }
  if (entry.viaLink) files.targets.set(files.names.length, entry.path);
  files.names.push(name);
  files.bytes.push(entry.facts.size);
  files.mtimes.push(Math.floor(entry.facts.mtimeMs));
}

function oursNotice(path: string): IntakeNotice {
  const message = `${quoted(path)} was made by Knowledge Chipper and is left out; to work on it, give a copy from another folder.`;
  return { code: "input_ours", path, message };
}

function duplicateNotice(path: string, entry: Entry & { kind: "file" }): IntakeNotice {
  const what = entry.viaLink
    ? `is a link to ${quoted(entry.path)}, which`
    : "is another name of a file that";
  return { code: "input_duplicate", path, message: `${quoted(path)} ${what} is taken already.` };
}

/** The path of `name` in `folder`, where an empty folder is the start of relative paths. */
export function below(folder: string, name: string): string {
  if (folder === "") return name;
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
