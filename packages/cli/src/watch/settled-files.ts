/** Files of folders as they arrive, each once it has stopped growing. I/O. */
import { watch } from "chokidar";
import { lstat } from "node:fs/promises";

export interface SettledFile {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

export interface SettledOptions {
  /** How long size and time must not have changed. */
  readonly quietMs: number;
  onFile(file: SettledFile): void;
  onError(error: unknown): void;
}

/** A file as it was when it was last seen to change. */
interface Unsettled {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly since: number;
}

/** What is there already comes first, and may still be growing too. Hidden files and folders are left alone; links are not followed out of the folder. */
export async function watchSettledFiles(
  folders: readonly string[],
  { quietMs, onFile, onError }: SettledOptions,
): Promise<{ close(): Promise<void> }> {
  const unsettled = new Map<string, Unsettled>();
  const look = async (path: string) => {
    const now = await lstat(path).catch(() => null);
    if (now === null || !now.isFile() || now.size === 0) {
      unsettled.delete(path);
      return;
    }
    const { size: bytes, mtimeMs } = now;
    const before = unsettled.get(path);
    if (before === undefined || before.bytes !== bytes || before.mtimeMs !== mtimeMs) {
      unsettled.set(path, { bytes, mtimeMs, since: performance.now() });
    } else if (performance.now() - before.since >= quietMs) {
      unsettled.delete(path);
      onFile({ path, bytes, mtimeMs });
    }
  };
  const watcher = watch([...folders], {
    ignored: (path) => !folders.includes(path) && isHidden(path),
    followSymlinks: false,
  });
  const seen = (path: string) => void look(path);
  watcher.on("add", seen).on("change", seen).on("error", onError);
  // Changes that nobody reports, as on some network disks, are seen here.
  const looking = every(Math.max(50, Math.min(500, quietMs / 4)), async () => {
    for (const path of [...unsettled.keys()]) await look(path);
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return {
    async close() {
      looking.stop();
      await watcher.close();
    },
  };
}

/** One after the other, with a pause between them. */
function every(ms: number, work: () => Promise<void>): { stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let over = false;
  const again = async () => {
    await work();
    if (!over) wait();
  };
  const wait = () => {
    timer = setTimeout(() => void again(), ms);
  };
  wait();
  return {
    stop() {
      over = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function isHidden(path: string): boolean {
  return /(^|\/)(\.[^/]|node_modules(\/|$))/.test(path);
}
