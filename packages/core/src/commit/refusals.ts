/** Verdicts on steps whose outputs were not taken: whose fault it is, and whether a disk is to be waited for. Shared, pure. */
import type { Verdict } from "../ledger/port.ts";
import { isDiskTrouble, refusal as refusalOf, type Refusal } from "../model/disk-trouble.ts";
import type { ErrorFacts } from "../model/error-facts.ts";

/** The first result that a disk refused, if any. */
export function refusedIn(outDirOf: (at: number) => string | undefined) {
  return (results: readonly ({ ok: true } | { ok: false; code: string })[]): Refusal | null => {
    for (const [at, result] of results.entries()) {
      if (!result.ok && isDiskTrouble(result.code)) {
        return refusalOf(result.code, outDirOf(at) ?? "the outputs");
      }
    }
    return null;
  };
}

/** A disk that refuses after the intent: the intent stays, and is rolled forward by whoever holds the home next. */
export const INTENT_WAITS = "intent_waits";

export function afterIntent(failure: { code: string; message: string }): {
  code: string;
  message: string;
} {
  return isDiskTrouble(failure.code) ? { ...failure, code: INTENT_WAITS } : failure;
}

export const noAnswer = { code: "output_unreadable", message: "the files thread gave no answer" };

export function refusal(
  attemptId: number,
  { code, message }: { code: string; message: string },
): Verdict {
  const error: ErrorFacts = { name: "CommitError", code, message };
  return { attemptId, ok: false, error };
}
