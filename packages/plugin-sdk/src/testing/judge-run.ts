/** Judges how a run ended: may a processor end like this after a bad input, after an abort? Pure. */
import { PermanentError, RetryLaterError, SkipItemError } from "../errors.ts";
import type { ProcessorRun } from "./run-processor.ts";

/** `typed`, or what was thrown instead. A retry is no answer here: the same bytes would fail again. */
export function errorKind(error: Error | undefined): string {
  if (error instanceof PermanentError || error instanceof SkipItemError) return "typed";
  return error === undefined ? "no error" : `${error.name}: ${error.message}`;
}

/** Null, or what is wrong with the way a run ended after an abort. */
export function abortFault({ error }: ProcessorRun): string | null {
  if (error === undefined) return null;
  if ("code" in error && error.code === "abort_ignored") return error.message;
  const blames = [PermanentError, SkipItemError, RetryLaterError].some((E) => error instanceof E);
  return blames ? `an abort must not end as ${error.name}: ${error.message}` : null;
}
