/**
 * A supervisor that claims, commits and fails in a loop until it is killed; says on stdout what was acknowledged. For kill.test.ts.
 * `bun work.ts HOME`: takes the home's lock, rescues, rolls intents forward, works.
 */
import { writeSync } from "node:fs";
import { acquireHomeLock } from "../../../src/ledger/home-lock.ts";
import { openLedger } from "../../../src/ledger/open.ts";
import type { Claim } from "../../../src/ledger/port.ts";
import { claimStage, completion, JOB, output } from "../fixtures.ts";

const home = process.argv[2] ?? "";
await acquireHomeLock(home);
const { ledger } = await openLedger({ home });
const { intents } = await ledger.rescue();
for (const intent of intents) {
  const { attemptId, meta, durationMs } = intent;
  await ledger.complete([{ attemptId, meta, durationMs, nextStage: nextStage(intent.stage) }]);
  say("completed", intent.item?.index, intent.stage, attemptId);
}
say("rescued");
await ledger.setJobState(JOB, "running");
await Promise.all(Array.from({ length: 4 }, work));
await ledger.close();
say("done");

async function work(): Promise<void> {
  for (;;) {
    const claims = await claimStage(ledger, 8, { stages: [1, 0] });
    if (claims.length === 0) return;
    for (const claim of claims) say("claimed", claim.item?.index, claim.stage, claim.attemptId);
    await ledger.intend(claims.map(intent));
    const verdicts = await ledger.complete(
      claims.map((claim) => completion(claim, nextStage(claim.stage))),
    );
    for (const [index, claim] of claims.entries()) {
      const word = verdicts[index]?.ok === true ? "completed" : "refused";
      say(word, claim.item?.index, claim.stage, claim.attemptId);
    }
  }
}

function intent(claim: Claim) {
  const outputs = [output(claim, `${claim.item?.index}.${claim.stage}.md`)];
  return { attemptId: claim.attemptId, outputs, meta: { n: claim.attemptId }, durationMs: 1 };
}

function nextStage(stage: number): number | null {
  return stage === 0 ? 1 : null;
}

/** Straight to the pipe: what was said has left this process. */
function say(word: string, ...facts: unknown[]): void {
  writeSync(1, `${[word, ...facts].join(" ")}\n`);
}
