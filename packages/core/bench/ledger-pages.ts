/** Measures reading: how long each page takes with ten jobs of 100,000 items. `bun packages/core/bench/ledger-pages.ts [jobs] [items]`. */
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newJob } from "../test/ledger/fixtures.ts";
import { openLedger } from "../src/ledger/open.ts";

const jobs = Number(process.argv[2] ?? 10);
const items = Number(process.argv[3] ?? 100_000);
const ROUNDS = 20;

const home = mkdtempSync(join(tmpdir(), "kc-bench-"));
try {
  await makeJobs();
  fillJobs();
  await measure();
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function makeJobs(): Promise<void> {
  const { ledger } = await openLedger({ home });
  for (let job = 1; job <= jobs; job += 1) {
    const id = `job-${job}`;
    await ledger.beginJob(newJob(id, ["audio", "summarize"]));
    await ledger.finishPlanning(id);
  }
  await ledger.close();
}

/** Rows as a finished run leaves them: two stages, of a hundred items one failed, one waits, one was never admitted. */
function fillJobs(): void {
  const db = new Database(join(home, "ledger.db"));
  const state = "CASE n % 100 WHEN 7 THEN 4 WHEN 8 THEN 0 WHEN 9 THEN 0 ELSE 3 END";
  db.run("BEGIN");
  for (let job = 1; job <= jobs; job += 1) {
    const numbers = `WITH RECURSIVE seq (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM seq WHERE n < ${items - 1})`;
    db.run(`INSERT INTO items (job, idx, state, admitted, path, rel, planned_bytes, planned_mtime, bytes, mtime, mime, sha256)
      ${numbers} SELECT ${job}, n, ${state}, n % 100 <> 9, '/in/folder/recording ' || n || '.wav', 4, n, 1.5, n, 1.5,
        'audio/wav', randomblob(32) FROM seq`);
    db.run(`INSERT INTO steps (job, item, stage, state, ready_at, started, failed, duration_ms, problem)
      ${numbers} SELECT ${job}, n, 0, ${state}, CASE n % 100 WHEN 8 THEN 0 END, 1, n % 100 = 7, 12.5,
        CASE n % 100 WHEN 7 THEN ${job} * 10000000 + n END FROM seq WHERE n % 100 <> 9`);
    db.run(`INSERT INTO steps (job, item, stage, state, started, duration_ms)
      ${numbers} SELECT ${job}, n, 1, 3, 1, 12.5 FROM seq WHERE n % 100 NOT IN (7, 8, 9)`);
    db.run(`INSERT INTO attempts (id, job, item, stage, outcome, at, started, failed, crashed, error)
      ${numbers} SELECT ${job} * 10000000 + n, ${job}, n, 0, 0, 0, 1, 1, 0,
        '{"name":"Error","code":"broken","message":"it broke"}' FROM seq WHERE n % 100 = 7`);
    db.run(`INSERT INTO outputs (path_key, path, rel, bytes, sha256, role, mime, job, item, stage)
      ${numbers} SELECT n, '/out/' || ${job} || '/recording ' || n || '.md', 7, n, randomblob(32), 'transcript', 'text/markdown',
        ${job}, n, 1 FROM seq WHERE n % 100 NOT IN (7, 8, 9)`);
  }
  db.run("COMMIT");
  db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

async function measure(): Promise<void> {
  const { ledger } = await openLedger({ home, readOnly: true });
  const id = `job-${Math.ceil(jobs / 2)}`;
  const middle = `${Math.floor(items / 2)}.0`;
  const end = `${items - 5}.0`;
  const megabytes = statSync(join(home, "ledger.db")).size / 1e6;
  console.log(`${jobs} jobs of ${items} items, ${megabytes.toFixed(0)} MB`);
  const pages: Record<string, () => unknown> = {
    job: () => ledger.job(id),
    jobs: () => ledger.jobs({ limit: 100 }),
    outlook: () => ledger.outlook(id),
    "first 1,000 steps": () => ledger.steps(id, { limit: 1_000 }),
    "100 steps in the middle": () => ledger.steps(id, { limit: 100, cursor: middle }),
    "100 steps at the end": () => ledger.steps(id, { limit: 100, cursor: end }),
    "100 failed steps": () => ledger.steps(id, { limit: 100, state: "failed" }),
    "100 failed steps in the middle": () =>
      ledger.steps(id, { limit: 100, state: "failed", cursor: middle }),
    "100 queued steps": () => ledger.steps(id, { limit: 100, state: "queued" }),
    "queued steps at the end": () => ledger.steps(id, { limit: 100, state: "queued", cursor: end }),
    "running steps (none)": () => ledger.steps(id, { limit: 100, state: "running" }),
    "retrying steps (none)": () => ledger.steps(id, { limit: 100, state: "retrying" }),
    "cancelled steps (none)": () => ledger.steps(id, { limit: 100, state: "cancelled" }),
    "100 completed steps": () => ledger.steps(id, { limit: 100, state: "completed" }),
    "100 problems": () => ledger.problems(id, 100),
    "100 unadmitted items": () => ledger.unadmitted(id, null, 100),
    "1,000 completed items": () => ledger.completedItems(id, items / 2, 1_000),
    "an artifact": () => ledger.artifactAt(`/out/1/recording 5.md`),
  };
  for (const [name, read] of Object.entries(pages)) {
    const times = Array.from({ length: ROUNDS }, () => timed(read)).toSorted((a, b) => a - b);
    const [median, worst] = [times[ROUNDS / 2] ?? 0, times.at(-1) ?? 0];
    console.log(
      `${name.padEnd(34)} ${median.toFixed(2).padStart(8)} ms, worst ${worst.toFixed(2)}`,
    );
  }
  await ledger.close();
}

function timed(read: () => unknown): number {
  const started = performance.now();
  read();
  return performance.now() - started;
}
