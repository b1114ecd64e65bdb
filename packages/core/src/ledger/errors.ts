/** What can go wrong with the ledger, as one error class with a code a caller can tell apart. Host, pure. */
import type { DiskTrouble } from "../model/disk-trouble.ts";
import { type ErrorFacts, errorFromFacts } from "../model/error-facts.ts";

export type LedgerErrorCode =
  /** The disk takes nothing now (full, read-only, ...): nothing of the call was written, try again when it does. */
  /** The parts of one checkpoint are too much together. */
  | "checkpoint_too_large"
  | DiskTrouble
  /** Another program kept the file locked for longer than the busy timeout. */
  | "ledger_busy"
  /** Written by a newer program. */
  | "ledger_newer"
  /** Opened for reading, or there is no ledger to read. */
  | "ledger_read_only"
  | "ledger_missing"
  | "ledger_closed"
  /** Its file cannot be opened or read: permissions, damage seen by a reader. */
  | "ledger_unusable"
  /** There is a file where a backup should go. */
  | "backup_exists"
  /** Disk or file can no longer be trusted: the process has to end. */
  | "ledger_broken"
  | "job_not_found"
  | "job_exists"
  /** Planning of the job is over (or is not). */
  | "job_planned"
  | "job_not_planned"
  /** Outputs of the job are being published at this moment. */
  | "job_publishing"
  /** Items are still open, so a gather stage cannot run. */
  | "items_open"
  /** The attempt is not the one that runs its step now. */
  | "stale_attempt";

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "LedgerError";
    this.code = code;
  }
}

/** The error of another thread as the class it was, or null when it was none of ours. */
export function ledgerErrorFrom(facts: ErrorFacts): LedgerError | null {
  if (facts.name !== "LedgerError") return null;
  const options = facts.cause === undefined ? undefined : { cause: errorFromFacts(facts.cause) };
  return new LedgerError(facts.code as LedgerErrorCode, facts.message, options);
}

/** Names the file, which SQLite's errors do not. */
export function unusable(path: string, thrown: unknown): LedgerError {
  if (thrown instanceof LedgerError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new LedgerError("ledger_unusable", `${path} cannot be used: ${message}`, {
    cause: thrown,
  });
}
