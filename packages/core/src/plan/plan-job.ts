/** A specification to a planned job: stages settled, output folder ready, items in the ledger; nothing has run yet. Host, I/O. */
import { rmdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { gathersOnly } from "../intake/accepts.ts";
import { walk, type WalkOptions } from "../intake/walk.ts";
import { readGiven } from "../intake/given-tree.ts";
import { isProblem, PathMissingError, type IntakeNotice } from "../intake/notice.ts";
import type { PlannedItem } from "../model/item.ts";
import { newJobId, type Job, type JobSpec, type Stage } from "../model/job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import { UserError } from "../model/user-error.ts";
import type { Notice } from "../model/notice.ts";
import { findUsable } from "./find-usable.ts";
import { ledgerFolderOf } from "../ledger/ledger-folder.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { prepareOutDir } from "./prepare-out-dir.ts";
import { resolveStages } from "./resolve-stages.ts";
import { refuseOutside, withinRoots } from "./within-roots.ts";

/** Items written to the ledger at a time. */
const BATCH = 1_000;
/** Notices kept to be shown; the rest is counted. */
const MOST_NOTICES = 50;

export interface Planned {
  readonly job: Job;
  readonly notices: readonly Notice[];
  readonly missing: readonly (readonly RequirementFacts[])[];
}

/** @throws UserError when nothing can come of it as asked */
export async function planJob(spec: JobSpec, deps: PlanDeps): Promise<Planned> {
  if (spec.paths.length === 0) throw new UserError("no_paths", "no path was given");
  await refuseOutside(spec, spec.outDir ?? deps.config.output.directory, deps.cwd);
  await readGiven(spec.paths, deps.cwd).catch((error: unknown) => {
    throw missingPath(error);
  });
  const { stages, missing } = await resolveStages(spec, deps);
  const { path: outDir, isNew } = await prepareOutDir(
    spec.outDir ?? deps.config.output.directory,
    deps.home,
  );
  const id = spec.id ?? newJobId();
  const jobTime = jobTimeFrom(deps.env).toISOString();
  await deps.ledger.beginJob({
    id,
    name: spec.name ?? defaultName(spec),
    stages,
    outDir,
    overwrite: spec.overwrite ?? deps.config.output.overwrite,
    jobTime,
    spec,
  });
  const notices = collectNotices();
  const items = itemsOf(spec, stages, outDir, deps, notices.add);
  try {
    await addItems(id, items, stages, deps, spec, notices.list);
  } catch (error) {
    await deps.ledger.deleteJob(id);
    if (isNew) await rmdir(outDir).catch(() => {});
    throw missingPath(error);
  }
  await deps.ledger.finishPlanning(id);
  const job = deps.ledger.job(id);
  if (job === null) throw new Error(`job ${id} vanished while it was planned`);
  return { job, notices: notices.list, missing };
}

/** Walks what was given, by the rules of intake. */
export function itemsOf(
  spec: JobSpec,
  stages: readonly Stage[],
  outDir: string,
  deps: Pick<PlanDeps, "cwd" | "home" | "ledger">,
  onNotice: (notice: IntakeNotice) => void,
): AsyncGenerator<PlannedItem> {
  const options: WalkOptions = {
    paths: spec.paths,
    cwd: deps.cwd,
    outDir,
    homes: [deps.home, ledgerFolderOf(deps.home)],
    isOurs: (path) => deps.ledger.artifactAt(path) !== null && !isGatherable(path, stages),
    onNotice,
    ...(spec.include === undefined ? {} : { include: spec.include }),
    ...(spec.exclude === undefined ? {} : { exclude: spec.exclude }),
  };
  return withinRoots(walk(options), spec);
}

/** A pipeline that only gathers reads what earlier jobs made of other files (a vault of transcripts), never what it made itself. */
function isGatherable(path: string, stages: readonly Stage[]): boolean {
  const folder = basename(dirname(path));
  return gathersOnly(stages) && stages.every(({ processor }) => processor.name !== folder);
}

/** Notices, the first ones kept. */
export function collectNotices(): { list: Notice[]; add(notice: IntakeNotice): void } {
  const list: Notice[] = [];
  return {
    list,
    add(notice) {
      if (isProblem(notice) && list.length < MOST_NOTICES) {
        list.push({ path: notice.path, code: notice.code, message: notice.message });
      }
    },
  };
}

async function addItems(
  jobId: string,
  items: AsyncGenerator<PlannedItem>,
  stages: readonly Stage[],
  deps: PlanDeps,
  spec: JobSpec,
  notices: readonly Notice[],
): Promise<void> {
  const usable = findUsable(stages);
  let batch: PlannedItem[] = [];
  for await (const item of items) {
    await usable.look(item);
    batch.push(item);
    if (batch.length < BATCH) continue;
    await deps.ledger.addItems(jobId, batch);
    batch = [];
  }
  if (batch.length > 0) await deps.ledger.addItems(jobId, batch);
  usable.requireOne(spec.paths, notices);
}

export function missingPath(error: unknown): unknown {
  if (!(error instanceof PathMissingError)) return error;
  return new UserError("path_missing", error.message, { cause: error });
}

/** Now, or the moment that a reproducible build asks for (SOURCE_DATE_EPOCH, seconds since 1970). */
function jobTimeFrom(env: PlanDeps["env"]): Date {
  const epoch = env["SOURCE_DATE_EPOCH"];
  if (epoch === undefined) return new Date();
  if (/^\d{1,11}$/.test(epoch)) return new Date(Number(epoch) * 1_000);
  throw new UserError(
    "bad_environment",
    `SOURCE_DATE_EPOCH is "${epoch}"; it must be whole seconds since 1970`,
  );
}

function defaultName(spec: JobSpec): string {
  const first = basename(spec.paths[0] ?? "job");
  return spec.paths.length === 1 ? first : `${first} and ${spec.paths.length - 1} more`;
}
