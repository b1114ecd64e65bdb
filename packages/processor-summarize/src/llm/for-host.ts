/** Says by the class of an error what the host shall do about it: give up, come back later, or try again. Pure. */
import { PermanentError, RetryLaterError } from "@knowledge-chipper/plugin-sdk";
import { MAX_WAIT_MS } from "./ask-patiently.ts";
import { LlmError } from "./llm-error.ts";

/** What was thrown while the file `name` was worked on; anything but an LlmError stays as it is. */
export function forHost(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof LlmError)) return thrown;
  const message = `${name}: ${thrown.message}`;
  if (thrown.isPermanent) return new PermanentError(message, { code: thrown.code, cause: thrown });
  const { retryAfterMs } = thrown;
  if (retryAfterMs !== null && retryAfterMs > MAX_WAIT_MS) {
    return new RetryLaterError(message, retryAfterMs, { cause: thrown });
  }
  return new LlmError(thrown.code, message, { cause: thrown });
}
