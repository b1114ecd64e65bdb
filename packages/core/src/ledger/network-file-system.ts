/** Tells from the table of mounts whether a path lies on a network file system. Pure. */

const NETWORK = /^(nfs\d?|cifs|smb\w*|fuse\.sshfs)$/;

/**
 * Type of the network file system that holds `path`, or null.
 * @param mounts text of /proc/self/mounts
 * @param path absolute, links resolved
 */
export function networkFileSystem(mounts: string, path: string): string | null {
  let best = { length: -1, type: "" };
  for (const line of mounts.split("\n")) {
    const [, mountPoint, type] = line.split(" ");
    if (mountPoint === undefined || type === undefined) continue;
    const at = unescape(mountPoint);
    // Of two mounts on one place the later one counts.
    if (holds(at, path) && at.length >= best.length) best = { length: at.length, type };
  }
  return NETWORK.test(best.type) ? best.type : null;
}

function holds(mountPoint: string, path: string): boolean {
  return mountPoint === "/" || path === mountPoint || path.startsWith(`${mountPoint}/`);
}

/** Blanks and the like are written as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
