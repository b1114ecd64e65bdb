/** Include and exclude globs over relative paths. Shared, pure. */

export interface GlobFilter {
  takesFile(relativePath: string): boolean;
  entersFolder(relativePath: string): boolean;
}

/**
 * A glob without `/` is held against names at any depth (`*.mp3`), one with `/` against the path from the common root
 * (`2024/**`). A file is taken when any include matches, or there is none, and no exclude does; an excluded folder is not entered.
 */
export function globFilter(
  include: readonly string[] = [],
  exclude: readonly string[] = [],
): GlobFilter {
  const included = include.map(matcher);
  const excluded = exclude.map(matcher);
  const isExcluded = (path: string): boolean => excluded.some((matches) => matches(path));
  return {
    takesFile(relativePath) {
      const path = relativePath.normalize("NFC");
      return (
        (included.length === 0 || included.some((matches) => matches(path))) && !isExcluded(path)
      );
    },
    entersFolder: (relativePath) => !isExcluded(relativePath.normalize("NFC")),
  };
}

function matcher(pattern: string): (path: string) => boolean {
  const text = pattern.normalize("NFC").replace(/^\.\//, "").replace(/\/+$/, "");
  const glob = new Bun.Glob(text);
  if (text.includes("/")) return (path) => glob.match(path);
  return (path) => glob.match(path.slice(path.lastIndexOf("/") + 1));
}
