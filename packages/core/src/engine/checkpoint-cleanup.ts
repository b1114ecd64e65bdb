/** Removes checkpoints inside steps that nobody came back for, and forgets jobs that are long over. Host, I/O through the ledger. */
import type { Config } from "../config/schema.ts";
import type { Ledger } from "../ledger/port.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How often a home that stays open looks. */
const EVERY_MS = 60 * 60 * 1_000;

export interface CheckpointCleanup {
  close(): void;
}

/**
 * Looks now and every hour. What was saved within the last `max_checkpoint_age_days` stays, and all of unfinished jobs; the rest
 * goes, and its step, should a person run it again, starts over.
 */
export function cleanCheckpoints(
  {
    auto_cleanup_enabled,
    max_checkpoint_age_days,
    retention_days,
  }: Pick<
    Config["checkpoint_system"],
    "auto_cleanup_enabled" | "max_checkpoint_age_days" | "retention_days"
  >,
  ledger: Pick<Ledger, "removeOldCheckpoints" | "forgetOldJobs">,
  onRemoved: (count: number) => void,
  onForgotten: (jobIds: readonly string[]) => void,
): CheckpointCleanup {
  if (!auto_cleanup_enabled) return { close: () => {} };
  let closed = false;
  const look = async () => {
    let removed = 0;
    for (let page = 1; page > 0 && !closed; removed += page) {
      page = await ledger.removeOldCheckpoints(Date.now() - max_checkpoint_age_days * DAY_MS);
    }
    if (removed > 0) onRemoved(removed);
    for (let more = true; more && !closed;) {
      const forgotten = await ledger.forgetOldJobs(Date.now() - retention_days * DAY_MS);
      more = forgotten.length > 0;
      if (more) onForgotten(forgotten);
    }
  };
  // A ledger that refuses says so by other ways; the next look tries again.
  const lookQuietly = () => void look().catch(() => {});
  const timer = setInterval(lookQuietly, EVERY_MS);
  timer.unref();
  lookQuietly();
  return {
    close: () => {
      closed = true;
      clearInterval(timer);
    },
  };
}
