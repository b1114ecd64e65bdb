/** Remembers which files were taken, so that a file with two names is taken once. Host; reads the file system only for huge inode numbers. */
import { lstat } from "node:fs/promises";
import { numberSet, type NumberSet } from "./number-set.ts";

export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

export interface SeenFiles {
  /** False when this file was taken before, under whatever name. `path` must be free of links. */
  take(path: string, identity: FileIdentity): Promise<boolean>;
}

export function seenFiles(): SeenFiles {
  const byDevice = new Map<number, NumberSet>();
  /** Some file systems number files beyond 2^53, where a JavaScript number is no longer exact. */
  const huge = new Set<string>();
  return {
    async take(path, { dev, ino }) {
      if (!Number.isSafeInteger(ino)) {
        const exact = await lstat(path, { bigint: true });
        const key = `${exact.dev}:${exact.ino}`;
        if (huge.has(key)) return false;
        huge.add(key);
        return true;
      }
      let inodes = byDevice.get(dev);
      if (inodes === undefined) byDevice.set(dev, (inodes = numberSet()));
      return inodes.add(ino + 1);
    },
  };
}
