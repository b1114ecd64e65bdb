/** Reads what earlier stages committed once more before a later one uses it: whoever wrote over it meanwhile is found out. Host, I/O. */
import type { Committer } from "../commit/committer.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import type { Artifact } from "../model/step.ts";

/** Files to a call: others want the files thread too. */
const BATCH = 64;

/** Names the first artifact whose bytes are not those that were committed, or null. */
export async function changedArtifact(
  artifacts: readonly Artifact[],
  committer: Pick<Committer, "hashes">,
): Promise<ErrorFacts | null> {
  for (let at = 0; at < artifacts.length; at += BATCH) {
    const batch = artifacts.slice(at, at + BATCH);
    const hashes = await committer.hashes(batch.map(({ path }) => path));
    const changed = batch.find(({ sha256 }, index) => hashes[index] !== sha256);
    if (changed !== undefined) return changedError(changed);
  }
  return null;
}

/** The same as an error, for a gather stage that finds it while its manifest is written. */
export class ArtifactChangedError extends Error {
  override readonly name = "ArtifactChangedError";
  readonly facts: ErrorFacts;
  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.facts = facts;
  }
}

function changedError({ path }: Artifact): ErrorFacts {
  return {
    name: "InputError",
    code: "artifact_changed",
    message: `${path} is not what its stage wrote: something changed or removed it since. Put it back and run \`kc retry\`, or \`kc restart\` the job, which makes it anew`,
  };
}
