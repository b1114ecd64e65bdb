/**
 * Renames staged outputs into place after their intent is durable; may be run again at any time and ends the same. Files thread, I/O.
 *
 * Someone else's file is never replaced: a new target is made by link(2), which fails where a name exists; an earlier output of ours
 * is replaced only while its bytes are the ones that the ledger knows.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { faultPoint } from "../model/fault-points.ts";
import { CommitError, diskError } from "./commit-error.ts";
import { hashOf } from "./examine.ts";

/** One file to put in its place. */
export interface Publication {
  readonly attemptId: number;
  readonly stagedPath: string;
  readonly targetPath: string;
  readonly outDir: string;
  readonly sha256: string;
  /** What the ledger knows of the target: with it, a file in the way is an earlier output of ours. */
  readonly knownSha256: string | null;
  /** Bytes of ours that may be replaced; null: nothing may be there; `*`: anything may. */
  readonly previousSha256: string | null;
}

export type Published =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Publishes a group; folders are made durable once for the whole group. */
export function publish(group: readonly Publication[]): Published[] {
  const folders = new Set<string>();
  faultPoint("before-publish");
  const results = group.map((publication): Published => {
    try {
      makeFolder(dirname(publication.targetPath), folders);
      place(publication);
      rmSync(keptBeside(publication), { force: true });
      folders.add(dirname(publication.targetPath));
      return { ok: true };
    } catch (thrown) {
      return failed(diskError(thrown, publication.targetPath));
    }
  });
  faultPoint("after-publish");
  faultPoint("before-folder-fsync");
  for (const folder of folders) syncFolder(folder);
  faultPoint("after-folder-fsync");
  return results;
}

function place(publication: Publication): void {
  const { stagedPath, targetPath, sha256, previousSha256 } = publication;
  if (!existsSync(stagedPath)) return requirePlaced(publication);
  if (previousSha256 !== null) {
    const now = hashOf(targetPath);
    if (now === sha256) return unlinkSync(stagedPath);
    const isReplaceable = now === previousSha256 || (previousSha256 === "*" && now !== null);
    if (isReplaceable) return move(publication, (from) => renameSync(from, targetPath));
    if (now !== null) return keepBoth(publication);
  }
  try {
    move(publication, (from) => linkOnce(from, targetPath));
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    if (hashOf(targetPath) !== sha256) return keepBoth(publication);
    rmSync(partOf(publication), { force: true });
    unlinkSync(stagedPath);
  }
}

/** An earlier run got as far as the unlink: the target must hold our bytes. */
function requirePlaced(publication: Publication): void {
  const { targetPath, sha256, stagedPath } = publication;
  rmSync(partOf(publication), { force: true });
  if (hashOf(targetPath) === sha256) return;
  if (hashOf(keptBeside(publication)) === sha256) return conflict(publication);
  throw new CommitError(
    "output_missing",
    `neither the staged file ${stagedPath} nor its bytes at ${targetPath} are there any more`,
  );
}

/** Runs `put` from the staged file, or from a copy beside the target when the two lie on different file systems. */
function move(publication: Publication, put: (from: string) => void): void {
  const { stagedPath } = publication;
  try {
    put(stagedPath);
  } catch (error) {
    if ((error as { code?: string }).code !== "EXDEV") throw error;
    const part = partOf(publication);
    rmSync(part, { force: true });
    copyFileSync(stagedPath, part);
    syncFile(part);
    try {
      put(part);
    } finally {
      rmSync(part, { force: true });
    }
    unlinkSync(stagedPath);
  }
}

function partOf({ targetPath, attemptId }: Publication): string {
  return join(dirname(targetPath), `.${cutToBytes(basename(targetPath), 200)}.${attemptId}.part`);
}

function linkOnce(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as { code?: string };
    // File systems without hard links: the check and the rename are two calls, the best that is left there.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EMLINK") throw error;
    if (exists(to)) throw Object.assign(new Error(`${to} exists`), { code: "EEXIST" });
    return renameSync(from, to);
  }
  unlinkSync(from);
}

function keepBoth(publication: Publication): never {
  const kept = keptBeside(publication);
  move({ ...publication, targetPath: kept }, (from) => renameSync(from, kept));
  return conflict(publication);
}

function conflict(publication: Publication): never {
  const { targetPath } = publication;
  const kept = keptBeside(publication);
  throw new CommitError(
    "commit_conflict",
    `${targetPath} ${whoseIs(publication)} and was left alone; the new version is ${kept}. ` +
      `Move ${basename(targetPath)} away and run \`kc retry\`, or keep it and delete the other`,
  );
}

function whoseIs({ previousSha256, knownSha256 }: Publication): string {
  if (previousSha256 !== null) return "was changed since we wrote it";
  return knownSha256 === null
    ? "is not ours"
    : "is an earlier output of ours that `--overwrite never` keeps";
}

/** Where our bytes wait beside someone else's file; the same bytes, the same name, so that a retry makes no second copy. */
function keptBeside({ targetPath, sha256 }: Publication): string {
  const extension = extname(targetPath);
  const base = cutToBytes(basename(targetPath, extension), 200);
  return join(dirname(targetPath), `${base}.kc-conflict-${sha256.slice(0, 8)}${extension}`);
}

/** Cuts a name at a character, never inside one. */
function cutToBytes(name: string, most: number): string {
  let cut = name;
  while (Buffer.byteLength(cut) > most) cut = Array.from(cut).slice(0, -1).join("");
  return cut;
}

function makeFolder(folder: string, touched: Set<string>): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = folder; at !== dirname(first); at = dirname(at)) touched.add(at);
  touched.add(dirname(first));
}

/** Some file systems refuse it, and a folder may be gone again: only a flush that failed is trouble. */
const cannotSync: ReadonlySet<string | undefined> = new Set([
  "EINVAL",
  "ENOTSUP",
  "EACCES",
  "EPERM",
  "ENOENT",
]);

function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!cannotSync.has((error as { code?: string }).code)) throw error;
  }
}

function syncFile(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function failed(error: unknown): Published {
  const { code, message } = error as { code?: string; message?: string };
  return { ok: false, code: code ?? "output_not_writable", message: message ?? String(error) };
}
