/** The thread that hashes, syncs and renames files, so that no disk ever holds up the supervisor's loop. Host thread, I/O. */
import { rmdirSync, rmSync } from "node:fs";
import { expose } from "comlink";
import { faultPoint } from "../model/fault-points.ts";
import { diskError } from "./commit-error.ts";
import { examine, hashOf, type Examined } from "./examine.ts";
import type { Refusal } from "../model/disk-trouble.ts";
import { keepAround, type KeptAround, type ToKeepAround } from "./keep-around.ts";
import { probeFolder } from "../model/probe-folder.ts";
import { publish, type Publication, type Published } from "./publish.ts";

/** Enough that a disk which takes it takes a few outputs as well. */
const PROBE_BYTES = 256 * 1024;

export interface ToExamine {
  readonly stagedPath: string;
  readonly stagingDir: string;
  /** Asked when one file is refused: is it the file, or the disk? */
  readonly outDir: string;
}

export type ExamineResult =
  | ({ readonly ok: true } & Examined)
  | { readonly ok: false; readonly code: string; readonly message: string };

const filesThread = {
  examine(files: readonly ToExamine[]): ExamineResult[] {
    faultPoint("before-fsync");
    const results = files.map(examined);
    faultPoint("after-fsync");
    return results;
  },
  keepAround: (files: readonly ToKeepAround[]): KeptAround[] => files.map(keepAround),
  publish: (group: readonly Publication[]): Published[] =>
    publish(group).map((published, at) => blameDisk(published, group[at]?.outDir)),
  /** sha256 of each; null: there is no regular file that can be read. */
  hashes: (paths: readonly string[]): (string | null)[] =>
    paths.map((path) => {
      try {
        return hashOf(path);
      } catch {
        return null;
      }
    }),
  /** Why the first of these folders that takes no file takes none, or null. */
  probe(folders: readonly string[]): Refusal | null {
    for (const folder of folders) {
      const refused = probeFolder(folder, PROBE_BYTES);
      if (refused !== null) return refused;
    }
    return null;
  },
  /** Removes folders of dead or finished attempts; what is gone already is fine. */
  discard(folders: readonly string[]): void {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  },
  /** Removes folders that hold nothing; one that holds something is still needed. */
  tidy(folders: readonly string[]): void {
    for (const folder of folders) {
      try {
        rmdirSync(folder);
      } catch {
        continue;
      }
    }
  },
};

export type FilesThread = typeof filesThread;

expose(filesThread, globalThis as unknown as Parameters<typeof expose>[1]);

/** A folder that takes no file at all is the disk's fault; one that does leaves the fault with this output. */
function blameDisk<R extends { readonly ok: true } | { readonly ok: false; readonly code: string }>(
  result: R,
  outDir: string | undefined,
): R {
  if (result.ok || result.code !== "output_not_writable" || outDir === undefined) return result;
  const refused = probeFolder(outDir, 1);
  return refused === null ? result : { ...result, ...refused };
}

function examined({ stagedPath, stagingDir, outDir }: ToExamine): ExamineResult {
  try {
    return { ok: true, ...examine(stagedPath, stagingDir) };
  } catch (thrown) {
    const error = diskError(thrown, stagedPath) as { code?: string; message?: string };
    const result = {
      ok: false as const,
      code: error.code ?? "output_unreadable",
      message: String(error.message),
    };
    return blameDisk(result, outDir);
  }
}
