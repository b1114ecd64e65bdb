/** Files of folders as they arrive, each once it has stopped growing. I/O. */
import { watch } from "chokidar";
import type { Stats } from "node:fs";

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

/** What is there already comes first. Hidden files and folders are left alone; links are not followed out of the folder. */
export async function watchSettledFiles(
  folders: readonly string[],
  { quietMs, onFile, onError }: SettledOptions,
): Promise<{ close(): Promise<void> }> {
  const watcher = watch([...folders], {
    ignored: (path) => !folders.includes(path) && isHidden(path),
    followSymlinks: false,
    alwaysStat: true,
    awaitWriteFinish: {
      stabilityThreshold: quietMs,
      pollInterval: Math.max(50, Math.min(500, quietMs / 4)),
    },
  });
  const tell = (path: string, stats?: Stats) => {
    if (stats === undefined || !stats.isFile() || stats.size === 0) return;
    onFile({ path, bytes: stats.size, mtimeMs: stats.mtimeMs });
  };
  watcher.on("add", tell).on("change", tell).on("error", onError);
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return watcher;
}

function isHidden(path: string): boolean {
  return /(^|\/)(\.[^/]|node_modules(\/|$))/.test(path);
}
