/** The run's own log, `<home>/logs/knowledge_system.log`: JSON lines with a component that people grep for, set aside when it is large. Host, I/O. */
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { Config } from "./config/schema.ts";

/** Names as the guide greps for them. */
export type Component = "process_isolation" | "analytics" | "health";

export interface RunLog {
  /** `component` among the facts says where it belongs; default `process_isolation`. */
  note(
    level: "info" | "warn" | "error",
    message: string,
    facts?: Record<string, unknown> & { component?: Component },
  ): void;
  setLevel(level: Config["logging"]["level"]): void;
  readonly path: string;
  close(): Promise<void>;
}

const MIB = 1024 ** 2;
/** Lines between two looks at the size of the file. */
const LOOK_EVERY = 64;

export function openRunLog(home: string, config: Config): RunLog {
  const folder = join(home, "logs");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Its opening fails next, and is as little a reason to stop the work as a full disk.
  }
  const path = join(folder, "knowledge_system.log");
  const { max_size_mb, keep } = config.logging;
  if (isOver(path, max_size_mb * MIB)) setAside(path, keep);
  const destination = pino.destination({ dest: path, sync: false, append: true, mode: 0o600 });
  const logger = pino(
    {
      level: config.logging.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ["token", "authorization", "apiKey", "*.apiKey"], censor: "(hidden)" },
    },
    destination,
  );
  // A log on a full disk is lost; the work it tells about is not.
  destination.on("error", () => {});
  let lines = 0;
  return {
    path,
    note(level, message, facts = {}) {
      const { component = "process_isolation", ...rest } = facts;
      logger[level]({ component, ...rest }, message);
      lines += 1;
      if (lines % LOOK_EVERY !== 0 || !isOver(path, max_size_mb * MIB)) return;
      setAside(path, keep);
      destination.reopen();
    },
    setLevel(level) {
      logger.level = level;
    },
    close: () =>
      new Promise((resolve) => {
        destination.flush(() => {
          // Not `end`: on a full disk it waits for ever.
          destination.destroy();
          resolve();
        });
      }),
  };
}

function isOver(path: string, bytes: number): boolean {
  try {
    return statSync(path).size > bytes;
  } catch {
    return false;
  }
}

/** `log.1` is the newest of the old ones; what is older than `log.<keep>` goes. */
function setAside(path: string, keep: number): void {
  try {
    rmSync(`${path}.${keep}`, { force: true });
    for (let at = keep - 1; at >= 1; at -= 1) tryRename(`${path}.${at}`, `${path}.${at + 1}`);
    if (keep === 0) rmSync(path, { force: true });
    else renameSync(path, `${path}.1`);
  } catch {
    // It grows on: no reason to stop the work.
  }
}

function tryRename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // There is none of that number yet.
  }
}
