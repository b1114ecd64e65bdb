/** The thread that hashes, syncs and renames files, so that no disk ever holds up the supervisor's loop. Host thread, I/O. */
import { rmdirSync, rmSync } from "node:fs";
import { expose } from "comlink";
import { faultPoint } from "../model/fault-points.ts";
import { diskError } from "./commit-error.ts";
import { examine, type Examined } from "./examine.ts";
import { publish } from "./publish.ts";

export interface ToExamine {
  readonly stagedPath: string;
  readonly stagingDir: string;
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
  publish,
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

function examined({ stagedPath, stagingDir }: ToExamine): ExamineResult {
  try {
    return { ok: true, ...examine(stagedPath, stagingDir) };
  } catch (thrown) {
    const error = diskError(thrown, stagedPath) as { code?: string; message?: string };
    return { ok: false, code: error.code ?? "output_unreadable", message: String(error.message) };
  }
}
