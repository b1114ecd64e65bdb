/** The given paths as a tree below their common root, so that one walk meets each of them in order, and nested ones once. Host, reads the file system. */
import { lstat, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commonRoot, segmentsBelow, type GivenPath } from "./common-root.ts";
import { PathMissingError, reasonOf } from "./notice.ts";

/** A folder or file that was given, or a folder on the way to one. */
export interface GivenNode {
  /** Given itself, not only on the way. */
  given: boolean;
  readonly children: Map<string, GivenNode>;
}

export interface GivenTree {
  /** Absolute; links are not resolved. */
  readonly root: string;
  readonly top: GivenNode;
}

const AT_ONCE = 128;

/** Throws `PathMissingError` when any path is not there. */
export async function readGiven(paths: readonly string[], cwd: string): Promise<GivenTree> {
  const given: GivenPath[] = [];
  const missing: { path: string; why: string }[] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const slice = paths.slice(start, start + AT_ONCE);
    for (const found of await Promise.all(slice.map((path) => checkPath(path, cwd)))) {
      if ("why" in found) missing.push(found);
      else given.push(found);
    }
  }
  if (missing.length > 0) throw new PathMissingError(missing);
  const root = commonRoot(given);
  const top: GivenNode = { given: false, children: new Map() };
  for (const { path } of given) plant(top, segmentsBelow(root, path));
  return { root, top };
}

async function checkPath(
  given: string,
  cwd: string,
): Promise<GivenPath | { path: string; why: string }> {
  if (given === "") return { path: given, why: "is empty, a path was expected" };
  const path = resolve(cwd, given);
  try {
    const { isFolder, real } = await follow(given.startsWith("/") ? given : `${cwd}/${given}`);
    // `link/..` is the parent of what the link leads to, which cutting text does not know.
    const same = (await realpath(path).catch(() => null)) === real;
    return { path: same ? path : real, isFolder };
  } catch (error) {
    const link = await lstat(path).catch(() => null);
    const why = link?.isSymbolicLink() === true ? "is a link that leads nowhere" : reasonOf(error);
    // What exists but may not be looked at is met, and reported, by the walk.
    if (link !== null && why === "permission denied") return { path, isFolder: false };
    return { path: given, why };
  }
}

async function follow(path: string): Promise<{ isFolder: boolean; real: string }> {
  const [facts, real] = await Promise.all([stat(path), realpath(path)]);
  return { isFolder: facts.isDirectory(), real };
}

function plant(top: GivenNode, segments: readonly string[]): void {
  let node = top;
  for (const segment of segments) {
    let next = node.children.get(segment);
    if (next === undefined)
      node.children.set(segment, (next = { given: false, children: new Map() }));
    node = next;
  }
  node.given = true;
}

/** `path` with links resolved as far as it exists. */
export async function realpathOfPlanned(path: string): Promise<string> {
  const missing: string[] = [];
  for (let at = resolve(path); ;) {
    try {
      return join(await realpath(at), ...missing);
    } catch {
      const parent = resolve(at, "..");
      if (parent === at) return resolve(path);
      missing.unshift(at.slice(parent === "/" ? 1 : parent.length + 1));
      at = parent;
    }
  }
}
