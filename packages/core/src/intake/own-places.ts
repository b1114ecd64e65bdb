/** Folders and names that Knowledge Chipper made itself and never takes as input. Shared, pure. */

export interface OwnPlaces {
  /** Absolute, links resolved; null when nothing is written. */
  readonly outDir: string | null;
  /** The home, and the ledger's folder where that is another one. */
  readonly homes: readonly string[];
}

const homeEntries: ReadonlySet<string> = new Set([
  "backups",
  "logs",
  "models",
  "plugins",
  "server.sock",
  "token",
]);

/** A version of ours that waits beside someone else's file. */
const KEPT_BESIDE = /\.kc-conflict-[0-9a-f]{8}(\.[^.]*)?$/;

/** Never taken, not even when given by name: opening a database of ours would drop the lock that is held on it. */
export function isOwnPath(places: OwnPlaces, path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === ".kc-manifest.jsonl" || name.startsWith(".kc-staging-")) return true;
  if (KEPT_BESIDE.test(name)) return true;
  return places.homes.some((home) => {
    if (!isWithin(home, path)) return false;
    const [entry = ""] = path.slice(home.length + 1).split("/");
    return entry === "" || homeEntries.has(entry) || /^(ledger|lock)\.db/.test(entry);
  });
}

/** Whether going from `from` to `to` would enter a home or the output folder; whoever is inside already (`--out .`) may stay. */
export function entersOwnPlace(places: OwnPlaces, from: string, to: string): boolean {
  return [places.outDir, ...places.homes].some(
    (place) => place !== null && isWithin(place, to) && !isWithin(place, from),
  );
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
