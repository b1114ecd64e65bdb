/** Measures the ledger: claim and completion cycles a second, bytes an item, and how long the pages take. `bun packages/core/bench/ledger.ts [items] [batch]`. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// @boundaries-ignore measures the ledger alone, with the small jobs of its own tests
import { admittedJob, claimStage, completion, JOB, output } from "../test/ledger/fixtures.ts";
// @boundaries-ignore measures the ledger alone
import { openLedger } from "../src/ledger/open.ts";
// @boundaries-ignore measures the ledger alone
import type { Claim, Ledger } from "../src/ledger/port.ts";

const items = Number(process.argv[2] ?? 50_000);
const batch = Number(process.argv[3] ?? 32);
/** Claimers at the same time, as workers would be. */
const LANES = 4;

const home = mkdtempSync(join(tmpdir(), "kc-bench-"));
try {
  await measure(false);
  await measure(true);
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function measure(withOutputs: boolean): Promise<void> {
  const folder = join(home, String(withOutputs));
  const { ledger } = await openLedger({ home: folder });
  const planning = performance.now();
  await admittedJob(ledger, items);
  const planned = performance.now() - planning;
  const started = performance.now();
  const cpu = process.cpuUsage();
  const lag = watchLag();
  await Promise.all(Array.from({ length: LANES }, () => work(ledger, withOutputs)));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const worstLag = lag();
  const done = ledger.job(JOB)?.items.completed;
  await ledger.close();
  const bytes = statSync(join(folder, "ledger.db")).size / items;
  console.log(
    `${withOutputs ? "with one output" : "without outputs"}: planned and admitted ${items} in ${planned.toFixed(0)} ms, ` +
      `${done} completed, ${(items / seconds).toFixed(0)} cycles/s in batches of ${batch} ` +
      `(${((user + system) / items).toFixed(0)} us of processor time each), ` +
      `worst lag of the main loop ${worstLag.toFixed(0)} ms, ${bytes.toFixed(0)} bytes an item`,
  );
}

async function work(ledger: Ledger, withOutputs: boolean): Promise<void> {
  for (;;) {
    const claims = await claimStage(ledger, batch);
    if (claims.length === 0) return;
    if (withOutputs) await ledger.intend(claims.map(intent));
    await ledger.complete(claims.map((claim) => completion(claim)));
  }
}

function intent(claim: Claim) {
  const outputs = [output(claim, `${claim.item?.index}.md`)];
  return { attemptId: claim.attemptId, outputs, meta: {}, durationMs: 12 };
}

function watchLag(): () => number {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 5);
    last = now;
  }, 5);
  return () => {
    clearInterval(timer);
    return worst;
  };
}
