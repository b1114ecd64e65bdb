/** Hashes again what the ledger says is committed and compares; changes nothing and takes no side. Host, I/O. */
import { statSync } from "node:fs";
import { hashOf } from "../commit/examine.ts";
import type { Artifact } from "../model/step.ts";
import type { Control } from "./control.ts";

/** Steps read at a time: what is held in memory. */
const PAGE = 200;

export type OutputState =
  | "whole"
  /** Other bytes than were committed: edited by a person, by a program, or damaged. */
  | "changed"
  | "missing"
  | "unreadable";

export interface VerifiedOutput {
  readonly jobId: string;
  readonly path: string;
  readonly role: string;
  readonly bytes: number;
  readonly state: OutputState;
  /** What is there instead, or why it cannot be read. */
  readonly detail: string | null;
}

/** In the order of the steps; what a running job commits again meanwhile counts as it is then. */
export async function* verifyOutputs(
  control: Pick<Control, "steps" | "artifact">,
  jobId: string,
): AsyncGenerator<VerifiedOutput> {
  for (let cursor: string | undefined; ;) {
    const page = await control.steps(jobId, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { artifacts } of page.rows)
      for (const artifact of artifacts) {
        const verified = await verify(control, jobId, artifact);
        if (verified !== null) yield verified;
      }
    if (page.next === null) return;
    cursor = page.next;
  }
}

/** Null: it is no longer an output of this job. */
async function verify(
  control: Pick<Control, "artifact">,
  jobId: string,
  artifact: Artifact,
): Promise<VerifiedOutput | null> {
  const { path, role, bytes } = artifact;
  const seen = compare(artifact);
  if (seen.state === "whole") return { jobId, path, role, bytes, ...seen };
  // A job that runs may have replaced it since the page was read.
  const now = await control.artifact(jobId, artifact.relativePath);
  if (now === null) return null;
  const last = now.sha256 === artifact.sha256 ? seen : compare(now);
  return { jobId, path, role, bytes: now.bytes, ...last };
}

function compare({ path, bytes, sha256 }: Artifact): Pick<VerifiedOutput, "state" | "detail"> {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === true && found.size !== bytes)
      return { state: "changed", detail: `${found.size} bytes instead of ${bytes}` };
    const hash = hashOf(path);
    if (hash === null) return { state: "missing", detail: null };
    if (hash === sha256) return { state: "whole", detail: null };
    const isHash = /^[0-9a-f]{64}$/.test(hash);
    return { state: "changed", detail: isHash ? "other content of the same size" : hash };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "ENOTDIR") return { state: "missing", detail: null };
    return { state: "unreadable", detail: message };
  }
}
