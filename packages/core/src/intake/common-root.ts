/** The folder that an item's relative path starts from. Shared, pure. */

/** A path that was given, absolute and normalised. */
export interface GivenPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * The deepest folder that holds everything given: one folder is its own root, a file counts by the folder it lies in. So two files
 * of one name in different folders never get the same relative path.
 */
export function commonRoot(given: readonly GivenPath[]): string {
  let common: string[] | null = null;
  for (const { path, isFolder } of given) {
    const segments = segmentsOf(path);
    if (!isFolder) segments.pop();
    common = common === null ? segments : commonStart(common, segments);
  }
  return `/${(common ?? []).join("/")}`;
}

/** Segments of `path` below `root`; empty when it is the root. */
export function segmentsBelow(root: string, path: string): readonly string[] {
  return segmentsOf(path).slice(segmentsOf(root).length);
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function commonStart(left: string[], right: readonly string[]): string[] {
  const end = left.findIndex((segment, at) => segment !== right[at]);
  return end === -1 ? left : left.slice(0, end);
}
