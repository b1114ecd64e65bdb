/** Why a processor could not be inspected. Host, pure. */
import { errorFacts } from "../model/error-facts.ts";
import type { ProcessEnd } from "./worker-process.ts";

/** Code and message come from the loader or the processor, or tell of the inspector's death: `inspector_crashed`, `inspector_timeout`. */
export class InspectError extends Error {
  override readonly name = "InspectError";
  readonly code: string;
  /** Last lines the processor printed. */
  readonly lastLog: readonly string[];
  constructor(cause: unknown, lastLog: readonly string[], code?: string, message?: string) {
    const facts = errorFacts(cause, "processor_not_loadable");
    super(message ?? facts.message, { cause });
    this.code = code ?? facts.code;
    this.lastLog = lastLog;
  }
}

export function whyItDied(death: {
  readonly path: string;
  readonly hung: boolean;
  readonly timeoutMs: number;
  readonly end: ProcessEnd;
  readonly cause: Error;
  readonly lastLog: readonly string[];
}): InspectError {
  const { path, hung, timeoutMs, end, cause, lastLog } = death;
  const words = lastLog.length === 0 ? "" : `. It last said: ${lastLog.slice(-3).join(" | ")}`;
  if (hung) {
    const message = `${path} did not answer within ${timeoutMs / 1_000} s: its module hangs on import, or in its own checks${words}`;
    return new InspectError(cause, lastLog, "inspector_timeout", message);
  }
  const how =
    end.signal === null ? `ended with exit code ${end.exitCode}` : `died of ${end.signal}`;
  const message = `${path} cannot be used: the process that loaded it ${how}${words}`;
  return new InspectError(cause, lastLog, "inspector_crashed", message);
}
