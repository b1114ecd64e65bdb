/** JSON shapes that scripts rely on: they change only with a major version. Pure. */
import type { Artifact, Job, JobState, StepRow, ItemCounts } from "@knowledge-chipper/core/reading";

export interface JobShape {
  jobId: string;
  name: string;
  state: JobState;
  pipeline: string[];
  items: ItemCounts;
  outDir: string;
  createdAt: string;
  updatedAt: string;
}

export function jobShape(job: Job): JobShape {
  return {
    jobId: job.id,
    name: job.name,
    state: job.state,
    pipeline: job.stages.map(({ processor }) => processor.name),
    items: job.items,
    outDir: job.outDir,
    createdAt: job.createdAt,
    updatedAt: job.updatedAt,
    ...(job.reason === null ? {} : { reason: job.reason }),
  };
}

export function stepShape(step: StepRow) {
  return {
    item: step.item,
    stage: step.stage,
    state: step.state,
    attempts: step.attempts,
    artifacts: step.artifacts.map(artifactShape),
    ...(step.slow === true ? { slow: true } : {}),
    ...(step.error === null
      ? {}
      : { error: { code: step.error.code, message: step.error.message } }),
    ...(step.dossier === null ? {} : { dossier: step.dossier }),
  };
}

/** The last line of `run --json` and `resume --json`. */
export function summaryShape(job: Job, startedAt: number) {
  return {
    type: "job:summary",
    jobId: job.id,
    name: job.name,
    state: job.state,
    items: job.items,
    attempts: job.attempts,
    crashes: job.crashes,
    durationMs: Math.round(performance.now() - startedAt),
    outDir: job.outDir,
    artifacts: job.artifacts,
    ...(job.reason === null ? {} : { reason: job.reason }),
  };
}

function artifactShape({ path, role, bytes, sha256 }: Artifact) {
  return { path, role, bytes, sha256 };
}
