/** The way of one item through the stages of its job. Host, pure. */
import { nextStage } from "../intake/accepts.ts";
import type { Claim } from "../ledger/port.ts";
import type { LiveJob } from "./live-job.ts";

/** The next map stage that takes the item, given what it has now. */
export function nextStageOf(
  live: Pick<LiveJob, "job">,
  claim: Pick<Claim, "item" | "artifacts">,
  stage: number,
  newRoles: readonly string[],
): number | null {
  if (claim.item === null) return null;
  return nextStage(live.job.stages, stage, {
    fileName: claim.item.relativePath,
    mimeType: claim.item.fingerprint?.mimeType ?? "application/octet-stream",
    roles: [...newRoles, ...claim.artifacts.map(({ role }) => role)],
  });
}
