/** What becomes of a step whose attempt ended without a result: the one table of retries, failures and quarantines. Pure. */
import type { CrashReason } from "../model/step.ts";
import { stepDelayMs } from "./backoff.ts";

export interface FailureCase {
  /** How it ended: what the processor asked for, or a crash. */
  readonly kind: "error" | "permanent" | "retry-later" | "skip" | "cancelled" | "crash";
  readonly crashReason?: CrashReason;
  /** Asked for by `RetryLaterError`, in milliseconds. */
  readonly delayMs?: number;
  /** Attempts spent before this one (since the last retry by a person). */
  readonly spent: number;
  /** Out-of-memory deaths before this one. */
  readonly outOfMemory: number;
}

export interface FailurePolicy {
  readonly maxAttempts: number;
  /** Out-of-memory deaths allowed, each retry running alone. */
  readonly maxOutOfMemory: number;
}

export type AfterFailure =
  | { readonly do: "retry"; readonly atMs: number; readonly alone?: boolean }
  | { readonly do: "fail" }
  | { readonly do: "quarantine" };

/** No processor may put a step off for longer than this, whatever it asks for: a week. */
export const LONGEST_ASKED_MS = 7 * 24 * 60 * 60 * 1_000;

export function decideFailure(
  failure: FailureCase,
  policy: FailurePolicy,
  nowMs: number,
  random: number,
): AfterFailure {
  if (failure.kind === "permanent") return { do: "fail" };
  if (failure.kind === "crash" && failure.crashReason === "memory") {
    return failure.outOfMemory + 1 >= policy.maxOutOfMemory
      ? { do: "quarantine" }
      : { do: "retry", atMs: nowMs, alone: true };
  }
  const spent = failure.spent + 1;
  if (spent >= policy.maxAttempts) return { do: failure.kind === "crash" ? "quarantine" : "fail" };
  const asked = failure.delayMs === undefined ? null : Math.min(failure.delayMs, LONGEST_ASKED_MS);
  return { do: "retry", atMs: nowMs + (asked ?? stepDelayMs(spent, random)) };
}
