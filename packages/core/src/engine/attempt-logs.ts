/** One log file an attempt, made when it has something to say; written behind, bounded by its worker. Host, I/O. */
import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface AttemptLogs {
  write(jobId: string, attemptId: number, level: string, message: string): void;
  pathOf(jobId: string, attemptId: number): string;
  flush(): Promise<void>;
}

const FLUSH_MS = 200;

export function createAttemptLogs(home: string, now: () => number): AttemptLogs {
  const waiting = new Map<string, string[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();

  const pathOf = (jobId: string, attemptId: number) =>
    join(home, "logs", "attempts", jobId, `${attemptId}.log`);

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = [...waiting];
    waiting.clear();
    writing = writing.then(async () => {
      for (const [path, lines] of batch) {
        // A log that cannot be written (disk full) is no reason to stop the work it tells about.
        await mkdir(dirname(path), { recursive: true }).catch(() => {});
        await appendFile(path, lines.join(""), { mode: 0o600 }).catch(() => {});
      }
    });
    return writing;
  };

  return {
    pathOf,
    flush,
    write(jobId, attemptId, level, message) {
      const path = pathOf(jobId, attemptId);
      const lines = waiting.get(path) ?? [];
      waiting.set(path, lines);
      lines.push(`${new Date(now()).toISOString()} ${level} ${message}\n`);
      timer ??= setTimeout(() => void flush(), FLUSH_MS);
    },
  };
}
