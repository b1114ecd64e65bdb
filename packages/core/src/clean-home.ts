/** Removes what a home no longer needs: only files by our own names, and nothing of unfinished jobs. Host, I/O. */
import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Ledger } from "./ledger/port.ts";
import { isOver, jobIdPattern, type Job } from "./model/job.ts";

export type CleanKind = "log" | "attempt log" | "model";

export interface OldFile {
  readonly kind: CleanKind;
  readonly path: string;
  readonly bytes: number;
  readonly changedAt: number;
}

export interface CleanOptions {
  /** What changed after it stays, unless `mostBytes` is exceeded. Milliseconds since the epoch. */
  readonly before: number;
  /** All removable files together may have so much; the oldest go first. */
  readonly mostBytes: number | null;
  readonly models: boolean;
  readonly jobs: boolean;
}

export interface CleanPlan {
  readonly files: readonly OldFile[];
  readonly jobs: readonly Pick<Job, "id" | "name">[];
  readonly checkpoints: number;
  readonly dossiers: number;
  /** Models stay as long as a job may want them. */
  readonly modelsKept: boolean;
}

/** Changes nothing. */
export async function planCleaning(
  home: string,
  ledger: Pick<Ledger, "jobs" | "oldRecords">,
  { before, mostBytes, models, jobs: withJobs }: CleanOptions,
): Promise<CleanPlan> {
  const unfinished = new Set<string>();
  const jobs: Pick<Job, "id" | "name">[] = [];
  for (const job of allJobs(ledger)) {
    if (!isOver(job.state)) unfinished.add(job.id);
    else if (withJobs && Date.parse(job.updatedAt) < before) jobs.push(job);
  }
  const modelsKept = models && unfinished.size > 0;
  const files = [
    ...(await filesIn(join(home, "logs"), /^knowledge_system\.log\.\d+$/, "log")),
    ...(await attemptLogs(join(home, "logs", "attempts"), unfinished)),
    ...(models && !modelsKept
      ? await filesIn(join(home, "models"), /^ggml-.+\.bin$/, "model")
      : []),
  ];
  const forgotten = new Set(jobs.map(({ id }) => join(home, "logs", "attempts", id)));
  const isForgotten = ({ path }: OldFile) => forgotten.has(join(path, ".."));
  return {
    files: chooseFiles(files, before, mostBytes, isForgotten),
    jobs,
    modelsKept,
    ...ledger.oldRecords(before),
  };
}

/** Nobody else may work in the home. */
export async function cleanHome(
  plan: CleanPlan,
  ledger: Pick<Ledger, "deleteJob" | "removeOldCheckpoints" | "removeOldDossiers">,
  before: number,
): Promise<void> {
  for (const { id } of plan.jobs) await ledger.deleteJob(id);
  while ((await ledger.removeOldCheckpoints(before)) > 0);
  while ((await ledger.removeOldDossiers(before)) > 0);
  for (const { path, kind } of plan.files) {
    await rm(path, { force: true });
    // Goes with its last file only.
    if (kind === "attempt log") await rmdir(join(path, "..")).catch(() => {});
  }
}

/** Pure. Everything old, then the oldest of the rest until the budget is met. */
function chooseFiles(
  files: readonly OldFile[],
  before: number,
  mostBytes: number | null,
  isForgotten: (file: OldFile) => boolean = () => false,
): readonly OldFile[] {
  let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return files
    .toSorted((a, b) => a.changedAt - b.changedAt)
    .filter((file) => {
      const isOld = file.changedAt < before || isForgotten(file);
      const isTooMuch = mostBytes !== null && left > mostBytes;
      if (isOld || isTooMuch) left -= file.bytes;
      return isOld || isTooMuch;
    });
}

function* allJobs(ledger: Pick<Ledger, "jobs">): Generator<Job> {
  for (let after: string | undefined; ;) {
    const page = ledger.jobs({ limit: 200, ...(after === undefined ? {} : { after }) });
    yield* page;
    if (page.length < 200) return;
    after = page.at(-1)?.id;
  }
}

async function attemptLogs(folder: string, unfinished: ReadonlySet<string>): Promise<OldFile[]> {
  const names = await readdir(folder).catch(() => []);
  const over = names.filter((name) => jobIdPattern.test(name) && !unfinished.has(name));
  const found: OldFile[] = [];
  for (const name of over)
    found.push(...(await filesIn(join(folder, name), /^\d+\.log$/, "attempt log")));
  return found;
}

/** Plain files with such a name; links and folders are not ours. */
async function filesIn(folder: string, name: RegExp, kind: CleanKind): Promise<OldFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: OldFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !name.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const facts = await stat(path).catch(() => null);
    if (facts !== null) found.push({ kind, path, bytes: facts.size, changedAt: facts.mtimeMs });
  }
  return found;
}
