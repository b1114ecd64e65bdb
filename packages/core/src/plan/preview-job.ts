/** What a job would do, found out the way that planning does, with nothing written. Host, reads files. */
import { resolve } from "node:path";
import { isGathered, nextStage } from "../intake/accepts.ts";
import { sniffFile } from "../intake/sniff.ts";
import type { PlannedItem } from "../model/item.ts";
import type { JobSpec, Stage } from "../model/job.ts";
import type { Notice } from "../model/notice.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import { collectNotices, itemsOf, missingPath } from "./plan-job.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { futureRealPath } from "./prepare-out-dir.ts";
import { resolveStages } from "./resolve-stages.ts";
import { refuseOutside } from "./within-roots.ts";

/** Items told one by one; all are counted. */
const MOST_ITEMS = 10_000;

export interface Preview {
  readonly outDir: string;
  readonly pipeline: readonly string[];
  readonly total: number;
  /** The first `limit` items with the stages that would take them; none: it would be skipped. */
  readonly items: readonly {
    readonly path: string;
    readonly relativePath: string;
    readonly mimeType: string | null;
    readonly bytes: number;
    readonly stages: readonly string[];
    readonly problem?: string;
  }[];
  readonly notices: readonly Notice[];
  /** Required things that the machine lacks, by stage. */
  readonly missing: readonly { stage: string; requirement: RequirementFacts }[];
}

export async function previewJob(spec: JobSpec, deps: PlanDeps): Promise<Preview> {
  await refuseOutside(spec, spec.outDir ?? deps.config.output.directory, deps.cwd);
  const { stages, missing } = await resolveStages(spec, deps);
  const outDir = await futureRealPath(
    resolve(deps.cwd, spec.outDir ?? deps.config.output.directory),
  );
  const notices = collectNotices();
  const items: Preview["items"][number][] = [];
  let total = 0;
  try {
    for await (const item of itemsOf(spec, stages, outDir, deps, notices.add)) {
      total += 1;
      if (items.length < MOST_ITEMS) items.push(await previewItem(item, stages));
    }
  } catch (error) {
    throw missingPath(error);
  }
  return {
    outDir,
    pipeline: stages.map(({ processor }) => processor.name),
    total,
    items,
    notices: notices.list,
    missing: missing.flatMap((requirements, index) =>
      requirements.map((requirement) => ({
        stage: stages[index]?.processor.name ?? String(index),
        requirement,
      })),
    ),
  };
}

async function previewItem(
  item: PlannedItem,
  stages: readonly Stage[],
): Promise<Preview["items"][number]> {
  const common = {
    path: item.path,
    relativePath: item.relativePath,
    bytes: item.planned?.bytes ?? 0,
  };
  if (common.bytes === 0) return { ...common, mimeType: null, stages: [], problem: "is empty" };
  try {
    const mimeType = await sniffFile(item.path);
    return { ...common, mimeType, stages: wayOf(item.relativePath, mimeType, stages) };
  } catch (error) {
    return { ...common, mimeType: null, stages: [], problem: (error as Error).message };
  }
}

/** Names of the stages an item would pass, each given the roles that the ones before it promise. */
function wayOf(fileName: string, mimeType: string, stages: readonly Stage[]): string[] {
  const way: string[] = [];
  let roles: readonly string[] = [];
  for (let at = nextStage(stages, -1, { fileName, mimeType, roles }); at !== null;) {
    const processor = stages[at]?.processor;
    if (processor === undefined) break;
    way.push(processor.name);
    roles = [...processor.produces, ...roles];
    at = nextStage(stages, at, { fileName, mimeType, roles });
  }
  // What no map stage takes may be gathered as it is; then it is the gather stages that would see it.
  if (way.length === 0 && isGathered(stages, { fileName, mimeType }))
    return stages.flatMap(({ processor }) => (processor.kind === "gather" ? processor.name : []));
  return way;
}
