/** Analytics that are kept over the lives of a home: added up once, and never in the way of the work. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { keepAnalytics } from "../../src/engine/keep-analytics.ts";
import { currentFold } from "../../src/engine/stored-analytics.ts";
import { openLedger } from "../../src/ledger/open.ts";
import { admittedJob, claimOne, commit, withFolder } from "../ledger/fixtures.ts";

test("figures that cannot be read any more are added up again from the events", async () => {
  await withFolder(async (home) => {
    const first = await openLedger({ home });
    await admittedJob(first.ledger, 2);
    const kept = await keep(first.ledger);
    await commit(first.ledger, await claimOne(first.ledger));
    await kept.close();
    await first.ledger.close();
    for (const damage of [
      "UPDATE tallies SET tally = 'no JSON'",
      "UPDATE meta SET value = '{}' WHERE key = 'analytics'",
    ]) {
      const db = new Database(join(home, "ledger.db"));
      db.run(damage);
      db.close();
      const again = await openLedger({ home });
      const fold = currentFold(again.ledger, 30);
      const completed = [...fold.minutes.values()].reduce(
        (sum, { stepsCompleted }) => sum + stepsCompleted,
        0,
      );
      expect(completed).toBe(1);
      const troubles: unknown[] = [];
      const keptAgain = await keep(again.ledger, (error) => troubles.push(error));
      expect(troubles).toHaveLength(1);
      expect(keptAgain.fold.minutes).toEqual(fold.minutes);
      await keptAgain.close();
      await again.ledger.close();
    }
  });
});

function keep(
  ledger: Parameters<typeof currentFold>[0],
  onTrouble = (error: unknown): void => {
    throw error;
  },
) {
  return keepAnalytics({
    ledger,
    look: () => ({ workers: 0, workerBytes: 0 }),
    surroundings: async () => ({
      usedBytes: null,
      totalBytes: null,
      load: null,
      diskFreeBytes: null,
    }),
    everyMs: 1_000,
    keepDays: 30,
    diedAtWork: true,
    onTrouble,
  });
}
