/** Sizes of what a worker reports: cuts facts into calls the contract allows, and refuses results that are too big. Pure. */
import { MAX_MESSAGE_BYTES, type Fact, type StepResult } from "../rpc/contract.ts";

/** Below what the contract allows to a call, with room for the envelope. */
const MAX_FACTS = 500;
const MAX_BATCH_BYTES = MAX_MESSAGE_BYTES - 64 * 1024;
const MAX_RESULT_BYTES = MAX_MESSAGE_BYTES - 4 * 1024;

export interface SizedFact {
  readonly fact: Fact;
  /** As JSON in UTF-8. */
  readonly bytes: number;
}

export function sized(fact: Fact): SizedFact {
  return { fact, bytes: Buffer.byteLength(JSON.stringify(fact)) };
}

/** The result as a fact; one that does not fit into a message becomes a permanent failure that says so. */
export function limitResult(attemptId: number, result: StepResult): SizedFact {
  const whole = sized({ fact: "result", attemptId, result });
  if (whole.bytes <= MAX_RESULT_BYTES) return whole;
  const message = `the result (meta and names of outputs) has ${whole.bytes} bytes, ${MAX_RESULT_BYTES} are allowed: write large results to an output file`;
  return sized({
    fact: "result",
    attemptId,
    result: {
      ok: false,
      kind: "permanent",
      error: { name: "ResultTooLargeError", code: "result_too_large", message },
      durationMs: result.durationMs,
    },
  });
}

/** Cuts facts, in their order, into batches that fit into one call each. */
export function* cutBatches(
  all: readonly SizedFact[],
): Generator<{ facts: Fact[]; bytes: number }> {
  let facts: Fact[] = [];
  let bytes = 0;
  for (const each of all) {
    const isFull = facts.length >= MAX_FACTS || bytes + each.bytes > MAX_BATCH_BYTES;
    if (facts.length > 0 && isFull) {
      yield { facts, bytes };
      facts = [];
      bytes = 0;
    }
    facts.push(each.fact);
    bytes += each.bytes;
  }
  if (facts.length > 0) yield { facts, bytes };
}
