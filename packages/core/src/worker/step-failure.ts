/** Turns what a processor threw into the failed result that says what it asked for. Worker side, pure. */
import { PermanentError, RetryLaterError, SkipItemError } from "@knowledge-chipper/plugin-sdk";
import { errorFacts } from "../model/error-facts.ts";
import type { StepResult } from "../rpc/contract.ts";

type Failure = Extract<StepResult, { ok: false }>;

/** @param cancelled whether the step had been told to stop: then whatever it threw is the answer to that */
export function stepFailure(thrown: unknown, cancelled: boolean, durationMs: number): Failure {
  const kind = cancelled ? "cancelled" : kindOf(thrown);
  return { ok: false, kind, error: errorFacts(thrown, "processor_error"), durationMs };
}

function kindOf(thrown: unknown): Failure["kind"] {
  try {
    return kindOfError(thrown);
  } catch {
    // A getter of its own, or a proxy: it says nothing that could be acted on.
    return "error";
  }
}

/** By class, and by name for processors that were bundled with a copy of the contract's classes. */
function kindOfError(thrown: unknown): Failure["kind"] {
  if (!(thrown instanceof Error)) return "error";
  if (thrown instanceof SkipItemError || thrown.name === "SkipItemError") return "skip";
  if (thrown instanceof RetryLaterError || thrown.name === "RetryLaterError") return "retry-later";
  const permanent = ["PermanentError", "RequirementError", "NotPlainError"];
  if (thrown instanceof PermanentError || permanent.includes(thrown.name)) return "permanent";
  return "error";
}
