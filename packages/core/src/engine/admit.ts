/** Looks at queued items just before they are needed: type, hash, first stage; a bounded number ahead of the workers. Host, I/O by its thread. */
import type { Admission, ItemRow } from "../ledger/port.ts";
import { isDiskTrouble, refusal, type Refusal } from "../model/disk-trouble.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { Fingerprint } from "../model/item.ts";
import type { Stage } from "../model/job.ts";
import { gathersOnly, isGathered, nextStage } from "../intake/accepts.ts";
import type { FingerprintResult } from "../intake/take-fingerprint.ts";
import type { Engine } from "./engine.ts";
import { stageReady, type LiveJob } from "./live-job.ts";

/** Items looked at in one go. */
const PAGE = 64;

/** Admits items until all are admitted or the job ends; `most` bounds how many wait admitted. */
export async function admitItems(
  live: LiveJob,
  { ledger, pool, disk }: Pick<Engine, "ledger" | "pool" | "disk">,
  most: number,
): Promise<void> {
  for (let after: number | null = null; !live.ended.signal.aborted;) {
    // Nothing new is taken in this life of the job; the next one admits the rest.
    if (live.halt !== null) return;
    if (live.ahead >= most) {
      await live.mayAdmit.heard();
      continue;
    }
    const page = ledger.unadmitted(live.id, after, Math.min(PAGE, most));
    const last = page.at(-1);
    if (last === undefined) break;
    const found = await disk.untilTaken(() => pool.fingerprintAll(page), refusedAmong, live.id);
    if (live.ended.signal.aborted) return;
    const admissions = page.map((item, index) => decide(item, found[index], live));
    await ledger.admit(live.id, admissions);
    after = last.index;
    for (const admission of admissions) {
      if (!("stage" in admission)) continue;
      live.ahead += 1;
      stageReady(live, admission.stage);
    }
  }
  live.admissionDone = true;
  live.bell.ring();
}

function decide(
  item: ItemRow,
  found: Fingerprint | { failed: ErrorFacts } | undefined,
  live: LiveJob,
): Admission {
  if (found === undefined) return { item: item.index, failed: unread };
  const { stages } = live.job;
  if ("failed" in found) return unusable(item, found.failed, stages);
  const source = { fileName: item.relativePath, mimeType: found.mimeType };
  const stage = nextStage(stages, -1, { ...source, roles: [] });
  if (stage !== null) return { item: item.index, fingerprint: found, stage };
  if (isGathered(stages, source)) return { item: item.index, fingerprint: found, gathered: true };
  return {
    item: item.index,
    fingerprint: found,
    skip: noStage(
      found,
      stages.map(({ processor }) => processor.name),
    ),
  };
}

/** A folder of notes has empty ones; where files are only gathered, nobody waits for an output of each. */
function unusable(item: ItemRow, failed: ErrorFacts, stages: readonly Stage[]): Admission {
  const isStub = gathersOnly(stages) && failed.code === "input_empty";
  if (isStub) return { item: item.index, fingerprint: null, skip: failed };
  // Its content is not known: its name alone says where it would have begun.
  const named = { fileName: item.relativePath, mimeType: "application/octet-stream", roles: [] };
  return { item: item.index, failed, shownAt: nextStage(stages, -1, named) ?? 0 };
}

/** No file is to blame when we may open none. */
function refusedAmong(results: readonly FingerprintResult[]): Refusal | null {
  for (const result of results) {
    const code = "failed" in result ? result.failed.code : undefined;
    if (isDiskTrouble(code)) return refusal(code, "the inputs");
  }
  return null;
}

const unread: ErrorFacts = {
  name: "InputError",
  code: "input_unreadable",
  message: "could not be looked at; run `kc retry` to try again",
};

function noStage({ mimeType }: Fingerprint, names: readonly string[]): ErrorFacts {
  return {
    name: "SkipItemError",
    code: "no_stage_accepts",
    message: `no stage of ${names.join(", ")} takes a file of type ${mimeType}`,
  };
}
