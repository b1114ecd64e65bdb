/** What the analytics added up, kept as texts that the ledger does not look into. Writer thread, I/O (SQLite). */
import type { TallyChange } from "../port.ts";
import type { Store } from "../writer/store.ts";

export function keepingTallies(store: Store) {
  const put = store.prepare(
    "INSERT INTO tallies (minute, tally) VALUES (?1, ?2) ON CONFLICT (minute) DO UPDATE SET tally = ?2",
  );
  const forget = store.prepare("DELETE FROM tallies WHERE minute < ?");
  const remember = store.prepare(
    "INSERT INTO meta (key, value) VALUES ('analytics', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
  );

  return {
    saveTallies({ carry, minutes, forgetBefore }: TallyChange): void {
      for (const [minute, tally] of minutes) put.run(minute, tally);
      forget.run(forgetBefore);
      remember.run(carry);
    },
  };
}
