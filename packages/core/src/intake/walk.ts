/** Paths to planned items: files found below what was given, in one fixed order, each once, with nothing of our own among them. Host, reads the file system. */
import { readGiven, realpathOfPlanned } from "./given-tree.ts";
import { globFilter } from "./glob-filter.ts";
import type { IntakeNotice } from "./notice.ts";
import { compareNames } from "./read-names.ts";
import { below, readFolder, type Folder, type Listing } from "./read-folder.ts";
import { seenFiles } from "./seen-files.ts";
import type { PlannedItem } from "../model/item.ts";

export interface WalkOptions {
  /** Files and folders, absolute or relative to `cwd`. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** Not entered from outside; null: nothing is written. */
  readonly outDir: string | null;
  /** The home, and the ledger's folder where that is another one: never entered. */
  readonly homes: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Whether the ledger knows a path (absolute, links resolved) as an output of ours. */
  isOurs?(path: string): boolean;
  /** Told of each path that is not taken, as it is met. */
  onNotice?(notice: IntakeNotice): void;
}

/** A folder whose files and subfolders are being given out, merged in order. */
interface Frame {
  readonly listing: Listing;
  file: number;
  folder: number;
}

/**
 * Yields items in order of their relative path (by code unit of its NFC form). Holds the folders on the way to the current file,
 * never the whole tree. Throws `PathMissingError` before the first item when a given path is not there.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<PlannedItem> {
  const tree = await readGiven(options.paths, options.cwd);
  const context = {
    places: {
      outDir: options.outDir === null ? null : await realpathOfPlanned(options.outDir),
      homes: await Promise.all(options.homes.map(realpathOfPlanned)),
    },
    filter: globFilter(options.include, options.exclude),
    seen: seenFiles(),
    entered: new Map<string, string>(),
    linksFollowed: false,
    isOurs: options.isOurs ?? (() => false),
    notify: options.onNotice ?? (() => {}),
  };
  const top: Folder = {
    path: await realpathOfPlanned(tree.root),
    relativePath: "",
    readAll: tree.top.given,
    node: tree.top,
  };
  const stack: Frame[] = [{ listing: await readFolder(top, context), file: 0, folder: 0 }];
  for (let index = 0; ;) {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    const { files, folders } = frame.listing;
    const name = files.names[frame.file];
    const folder = folders[frame.folder];
    if (folder !== undefined && (name === undefined || compareNames(`${folder.name}/`, name) < 0)) {
      frame.folder += 1;
      stack.push({ listing: await readFolder(folder, context), file: 0, folder: 0 });
    } else if (name !== undefined) {
      yield itemOf(frame.listing, frame.file, index++);
      frame.file += 1;
    } else {
      stack.pop();
    }
  }
}

function itemOf(listing: Listing, at: number, index: number): PlannedItem {
  const { folder, files, stemOf } = listing;
  const name = files.names[at] ?? "";
  return {
    index,
    path: files.targets.get(at) ?? below(folder.path, name),
    relativePath: below(folder.relativePath, name),
    stem: stemOf(name),
    planned: { bytes: files.bytes[at] ?? 0, mtimeMs: files.mtimes[at] ?? 0 },
  };
}
