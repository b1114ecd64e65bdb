/** The run's own log, `<home>/logs/knowledge_system.log`: JSON lines with a component that people grep for. Host, I/O. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { Config } from "./config/schema.ts";

export interface RunLog {
  note(level: "info" | "warn" | "error", message: string, facts?: Record<string, unknown>): void;
  readonly path: string;
  close(): Promise<void>;
}

/** Names as the guide greps for them. */
type Component = "process_isolation" | "analytics" | "health";

export function openRunLog(
  home: string,
  config: Config,
  component: Component = "process_isolation",
): RunLog {
  const folder = join(home, "logs");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Its opening fails next, and is as little a reason to stop the work as a full disk.
  }
  const path = join(folder, "knowledge_system.log");
  const destination = pino.destination({ dest: path, sync: false, append: true, mode: 0o600 });
  const logger = pino(
    {
      level: config.logging.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  ).child({ component });
  // A log on a full disk is lost; the work it tells about is not.
  destination.on("error", () => {});
  return {
    path,
    note: (level, message, facts = {}) => logger[level](facts, message),
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
