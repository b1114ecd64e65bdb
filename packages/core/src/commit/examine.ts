/** Looks at a staged output before it is believed: a plain file of one name, hashed and on disk. Files thread, I/O. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { CommitError } from "./commit-error.ts";

export interface Examined {
  readonly bytes: number;
  readonly sha256: string;
  readonly mode: number;
}

/** @throws CommitError when the staged path is not what a processor may leave there */
export function examine(stagedPath: string, stagingDir: string): Examined {
  if (dirname(stagedPath) !== stagingDir) {
    throw new CommitError("output_outside", `output ${stagedPath} is not in its staging folder`);
  }
  const fd = openStaged(stagedPath);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new CommitError("output_not_a_file", `output ${stagedPath} is not a regular file`);
    }
    if (stat.nlink !== 1) {
      throw new CommitError(
        "output_linked",
        `output ${stagedPath} has ${stat.nlink} names; it must have one`,
      );
    }
    const { sha256, bytes } = hash(fd);
    fsyncSync(fd);
    return { bytes, sha256, mode: stat.mode & 0o777 };
  } finally {
    closeSync(fd);
  }
}

/** sha256 of a regular file, or null when there is none; links are not followed. */
export function hashOf(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    if ((error as { code?: string }).code === "ELOOP") return "a symbolic link";
    throw error;
  }
  try {
    return fstatSync(fd).isFile() ? hash(fd).sha256 : "not a regular file";
  } finally {
    closeSync(fd);
  }
}

function openStaged(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") {
      throw new CommitError(
        "output_missing",
        `output ${path} was named by the processor but never written`,
      );
    }
    if (code === "ELOOP") {
      throw new CommitError("output_not_a_file", `output ${path} is a symbolic link`);
    }
    throw error;
  }
}

function hash(fd: number): { sha256: string; bytes: number } {
  const hasher = new Bun.CryptoHasher("sha256");
  const buffer = Buffer.allocUnsafe(256 * 1024);
  let bytes = 0;
  for (;;) {
    const read = readSync(fd, buffer, 0, buffer.length, null);
    if (read === 0) break;
    hasher.update(buffer.subarray(0, read));
    bytes += read;
  }
  return { sha256: hasher.digest("hex"), bytes };
}
