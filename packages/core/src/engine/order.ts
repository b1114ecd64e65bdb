/** Turns a claim into the order that a worker gets: paths, input, checkpoint. Host, I/O (a gather stage's manifest). */
import { createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { once } from "node:events";
import type { Claim, ItemRow, Ledger } from "../ledger/port.ts";
import type { ErrorFacts } from "../model/error-facts.ts";
import { faultPoint } from "../model/fault-points.ts";
import type { Job } from "../model/job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import type { Artifact } from "../model/step.ts";
import type { GatherManifestLine, StepOrder } from "../rpc/contract.ts";
import type { Committer } from "../commit/committer.ts";
import { ArtifactChangedError, changedArtifact } from "./check-artifacts.ts";
import type { Engine } from "./engine.ts";
import type { LiveJob } from "./live-job.ts";
import { refuse } from "./fail-steps.ts";
import { stagingOf } from "./staging.ts";

export interface Places {
  readonly homeId: string;
  /** Folder of the ledger, its lock and its logs. */
  readonly home: string;
  /** Folder of this supervisor's temp files. */
  readonly tempRoot: string;
}

interface Ordered {
  readonly order: StepOrder;
  readonly checkpointKey: string;
}

/** Orders for what can run; steps that cannot (input changed, something missing) are failed here and named in `refused`. */
export async function orderSteps(
  live: LiveJob,
  engine: Engine,
  stage: number,
  claims: readonly Claim[],
): Promise<{ orders: StepOrder[]; refused: number[] }> {
  faultPoint("before-stage");
  const orders: StepOrder[] = [];
  const refused: { claim: Claim; error: ErrorFacts }[] = [];
  const missing = live.missing[stage]?.[0];
  for (const claim of claims) {
    const error =
      live.refusals[stage] ??
      (missing === undefined ? await inputProblem(claim, engine) : requirementError(missing));
    if (error !== null) {
      refused.push({ claim, error });
      continue;
    }
    const ordered = await orderFor(claim, live.job, engine).catch(artifactProblem);
    if (!("order" in ordered)) {
      refused.push({ claim, error: ordered });
      continue;
    }
    const { order, checkpointKey } = ordered;
    orders.push(order);
    live.running.set(claim.attemptId, {
      claim,
      worker: null,
      stagingDir: order.stagingDir,
      tempDir: order.tempDir,
      checkpointKey,
      startedAtMs: null,
      fraction: 0,
      message: null,
    });
  }
  if (refused.length > 0) await refuse(live, engine, refused);
  faultPoint("after-stage");
  return { orders, refused: refused.map(({ claim }) => claim.attemptId) };
}

/** What changed about an input since it was admitted, or about what earlier stages made of it, or null. */
async function inputProblem(
  { item, artifacts }: Claim,
  { committer }: Engine,
): Promise<ErrorFacts | null> {
  return (await sourceProblem(item)) ?? (await changedArtifact(artifacts, committer));
}

async function sourceProblem(item: ItemRow | null): Promise<ErrorFacts | null> {
  if (item === null || item.fingerprint === null) return null;
  const { bytes, mtimeMs } = item.fingerprint;
  const found = await stat(item.path).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) return vanished(item, found);
  if (found.size === bytes && Math.abs(found.mtimeMs - mtimeMs) < 1) return null;
  return {
    name: "InputError",
    code: "input_changed",
    message: `${item.relativePath} changed since the job looked at it; \`kc retry --changed\` takes it as it is now`,
  };
}

function vanished(item: ItemRow, error: NodeJS.ErrnoException): ErrorFacts {
  const missing = error.code === "ENOENT" || error.code === "ENOTDIR";
  return {
    name: "InputError",
    code: missing ? "input_missing" : "input_unreadable",
    message: missing
      ? `${item.path} is not there any more; put it back and run \`kc retry\``
      : `${item.path} cannot be read (${error.message}); mend that and run \`kc retry\``,
  };
}

function artifactProblem(error: unknown): ErrorFacts {
  if (error instanceof ArtifactChangedError) return error.facts;
  throw error;
}

function requirementError({ name, detail, howToGet }: RequirementFacts): ErrorFacts {
  return {
    name: "RequirementError",
    code: "requirement_missing",
    message: `needs ${name} (${detail}). ${howToGet}. Then run \`kc retry\``,
  };
}

async function orderFor(
  claim: Claim,
  job: Job,
  { ledger, places, checkpoints, committer }: Engine,
): Promise<Ordered> {
  const stagingDir = stagingOf(job.outDir, places.homeId, claim.attemptId);
  const tempDir = join(places.tempRoot, `attempt-${claim.attemptId}`);
  const { input, inputHash } =
    claim.item === null
      ? await gatherInput(claim, job, ledger, places, committer)
      : mapInput(claim.item, claim.artifacts);
  const checkpointKey = keyOf(claim, job, inputHash);
  const stored = checkpoints.enabled ? ledger.loadCheckpoint(checkpointKey) : null;
  return {
    checkpointKey,
    order: {
      attemptId: claim.attemptId,
      input,
      jobTime: job.jobTime,
      stagingDir,
      tempDir,
      checkpoint: stored === null ? null : { value: stored.value, parts: [...stored.parts] },
      saves: checkpoints.savesOf(job.stages[claim.stage]?.processor.name ?? ""),
    },
  };
}

function mapInput(
  item: ItemRow,
  artifacts: readonly Artifact[],
): { input: StepOrder["input"]; inputHash: string } {
  const hashes = [item.fingerprint?.sha256 ?? "", ...artifacts.map((artifact) => artifact.sha256)];
  return {
    input: { kind: "map", source: sourceOf(item), artifacts: artifacts.map(inputArtifact) },
    inputHash: hashes.join(","),
  };
}

/** Writes the manifest page by page: 100,000 items never cross the wire, nor lie in memory. */
async function gatherInput(
  claim: Claim,
  job: Job,
  ledger: Ledger,
  { tempRoot }: Places,
  committer: Committer,
): Promise<{ input: StepOrder["input"]; inputHash: string }> {
  await mkdir(tempRoot, { recursive: true });
  const manifest = join(tempRoot, `gather-${claim.attemptId}.jsonl`);
  const hasher = new Bun.CryptoHasher("sha256");
  const file = createWriteStream(manifest);
  // Opened first: from here on an error rejects what is awaited, and does not end the process.
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  file.on("error", failed.reject);
  let count = 0;
  for (let after: number | null = null; ;) {
    const page = ledger.completedItems(job.id, after, 500);
    const changed = await changedArtifact(
      page.flatMap(({ artifacts }) => artifacts),
      committer,
    );
    if (changed !== null) {
      file.destroy();
      throw new ArtifactChangedError(changed);
    }
    for (const { item, artifacts } of page) {
      const source = linkable(sourceOf(item), job.outDir);
      const line: GatherManifestLine = {
        source,
        artifacts: artifacts.map(inputArtifact),
      };
      hasher.update(
        `${item.relativePath}\n${source.linkPath ?? ""}\n${item.fingerprint?.sha256}\n${artifacts.map((artifact) => artifact.sha256).join()}\n`,
      );
      if (!file.write(`${JSON.stringify(line)}\n`))
        await Promise.race([once(file, "drain"), failed.promise]);
      after = item.index;
      count += 1;
    }
    if (page.length < 500) break;
  }
  file.end();
  await Promise.race([once(file, "close"), failed.promise]);
  return { input: { kind: "gather", manifest, count }, inputHash: hasher.digest("hex") };
}

/** The source of an item as its processor sees it. */
export function sourceOf(item: ItemRow): GatherManifestLine["source"] {
  return {
    path: item.path,
    name: basename(item.path),
    stem: item.stem,
    relativePath: item.relativePath,
    bytes: item.fingerprint?.bytes ?? 0,
    mimeType: item.fingerprint?.mimeType ?? "application/octet-stream",
  };
}

/** Where a source that lies in the output folder can be linked from there. */
function linkable(
  source: GatherManifestLine["source"],
  outDir: string,
): GatherManifestLine["source"] {
  const folder = outDir.endsWith("/") ? outDir : `${outDir}/`;
  if (!source.path.startsWith(folder)) return source;
  return { ...source, linkPath: source.path.slice(folder.length) };
}

function inputArtifact(artifact: Artifact): GatherManifestLine["artifacts"][number] {
  return {
    role: artifact.role,
    path: artifact.path,
    relativePath: artifact.relativePath,
    mimeType: artifact.mimeType,
    meta: artifact.meta as GatherManifestLine["artifacts"][number]["meta"],
  };
}

/** A checkpoint is good for the same bytes, processor version and options, whichever job or attempt made it. */
function keyOf(claim: Claim, job: Job, inputHash: string): string {
  const stage = job.stages[claim.stage];
  const parts = [
    stage?.processor.name,
    stage?.processor.version,
    stage?.optionsHash,
    job.jobTime,
    claim.item?.relativePath ?? "",
    inputHash,
  ];
  return new Bun.CryptoHasher("sha256").update(parts.join("\u0000")).digest("hex");
}
