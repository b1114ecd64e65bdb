/** Looks at the free space of the output folders of running jobs, and says once when it becomes short. Host, I/O. */
import { statfs } from "node:fs/promises";
import type { Job } from "../model/job.ts";

export interface FreeSpace {
  /** Follows the output folder of a job until the returned function is called. */
  follow(job: Pick<Job, "id" | "outDir">): () => void;
  /** Free bytes where a folder is short of space; null: it is not, or was not looked at. */
  shortOf(outDir: string): number | null;
  close(): void;
}

export interface FreeSpaceOptions {
  /** Warned of below this; 0: never. */
  readonly leastBytes: number;
  readonly everyMs?: number;
  onShort(low: { jobId: string; path: string; freeBytes: number; leastBytes: number }): void;
}

/** Space that comes and goes around the limit is one shortage: it is over at a tenth more. */
const OVER = 1.1;
const EVERY_MS = 10_000;

export function watchFreeSpace(options: FreeSpaceOptions): FreeSpace {
  const { leastBytes } = options;
  const followed = new Map<string, string>();
  const short = new Map<string, number>();

  const look = async (jobId: string, outDir: string): Promise<void> => {
    const found = await statfs(outDir).catch(() => null);
    if (found === null || !followed.has(jobId)) return;
    const freeBytes = found.bavail * found.bsize;
    const wasShort = short.has(outDir);
    if (freeBytes >= leastBytes * (wasShort ? OVER : 1)) return void short.delete(outDir);
    short.set(outDir, freeBytes);
    if (!wasShort) options.onShort({ jobId, path: outDir, freeBytes, leastBytes });
  };
  const lookAtAll = () => {
    for (const [jobId, outDir] of followed) void look(jobId, outDir);
  };
  const timer = setInterval(lookAtAll, options.everyMs ?? EVERY_MS);
  timer.unref();

  return {
    follow({ id, outDir }) {
      if (leastBytes === 0) return () => {};
      followed.set(id, outDir);
      void look(id, outDir);
      return () => void followed.delete(id);
    },
    shortOf: (outDir) => short.get(outDir) ?? null,
    close: () => clearInterval(timer),
  };
}
