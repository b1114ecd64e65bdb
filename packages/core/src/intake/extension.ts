/** The extension of a file's name. Shared, pure. */

/** Lower case with its dot, of a name or a path: `.mp3` of `a/Talk.MP3`; empty for `README`, `.bashrc` and `end.`. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 || dot === name.length - 1 ? "" : name.slice(dot).toLowerCase();
}
