/** Works until the disk of its home is full, makes room and goes on; says what it saw. For trouble.test.ts. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../../src/ledger/open.ts";
import { admittedJob, claimOne, claimStage, commit, completion, JOB } from "../fixtures.ts";

const home = process.argv[2] ?? "";
const { ledger } = await openLedger({ home });
await admittedJob(ledger, 2_000);
const before = await claimStage(ledger, 500);
fillDisk();

let completed = 0;
let refusal = "none";
for (const claim of before) {
  try {
    await ledger.complete([completion(claim)]);
    completed += 1;
  } catch (error) {
    refusal = (error as { code: string }).code;
    break;
  }
}
const large = await ledger
  .saveCheckpoint("k", before.at(-1)?.attemptId ?? 0, { save: "x".repeat(300_000) })
  .catch((error: { code: string }) => error.code);
const full = ledger.job(JOB);
rmSync(join(home, "filler"));
for (const claim of before.slice(completed)) await ledger.complete([completion(claim)]);
await commit(ledger, await claimOne(ledger));
const job = ledger.job(JOB);
const seqs = ledger.events(0, 1_000_000).map((event) => event.seq);
await ledger.close();
console.log(
  JSON.stringify({
    refusal,
    large,
    completedBefore: completed,
    completedWhenFull: full?.items.completed,
    completed: job?.items.completed,
    gaps: seqs.filter((seq, index) => seq !== index + 1).length,
  }),
);

function fillDisk(): void {
  const fd = openSync(join(home, "filler"), "w");
  try {
    for (let bytes = 1 << 20; bytes >= 1_024;) {
      try {
        if (writeSync(fd, Buffer.alloc(bytes)) < bytes) bytes /= 2;
      } catch {
        bytes /= 2;
      }
    }
  } finally {
    closeSync(fd);
  }
}
