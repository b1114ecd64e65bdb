/** The extension of a file name. Shared, pure. */

/** Lower case with its dot: `.mp3` of `Talk.MP3`; empty for `README`, `.bashrc` and `end.`. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 || dot === name.length - 1 ? "" : name.slice(dot).toLowerCase();
}
