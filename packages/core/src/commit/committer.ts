/**
 * Takes results of workers to committed outputs, a group at a time: examine, intend, publish, list, complete. Host, I/O by its thread.
 *
 * The order is the promise: bytes on disk, then the durable intent, then the rename, then the line in the list beside the outputs
 * (a death after it repeats the line; a death before the line would lose it), then the final row, then anyone is told.
 */
import { releaseProxy, wrap, type Remote } from "comlink";
import { join } from "node:path";
import type {
  Completion,
  Intent,
  IntendedOutput,
  ItemRow,
  Ledger,
  Verdict,
} from "../ledger/port.ts";
import type { Overwrite } from "../model/job.ts";
import type { Artifact } from "../model/step.ts";
import type { FilesThread } from "./files-thread.ts";
import { listOutputs } from "./manifest.ts";
import { mimeTypeOf, planTarget } from "./plan-target.ts";
import { keepMarkedPages } from "./marked-pages.ts";
import type { Published } from "./publish.ts";
import { diskTroubleOf, type Refusal } from "../model/disk-trouble.ts";
import { never, type DiskWatch } from "./disk-watch.ts";
import { afterIntent, INTENT_WAITS, noAnswer, refusal, refusedIn } from "./refusals.ts";

/** A result of a worker, with what is needed to put it in its place. */
export interface FinishedStep {
  readonly attemptId: number;
  readonly jobId: string;
  readonly outDir: string;
  readonly overwrite: Overwrite;
  readonly stage: number;
  readonly stageName: string;
  readonly item: ItemRow | null;
  /** What earlier stages made of the item. */
  readonly artifacts: readonly Artifact[];
  readonly stagingDir: string;
  readonly outputs: readonly { role: string; fileName: string; stagedPath: string }[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly durationMs: number;
  /** Decides the item's next stage, given the roles it will have. */
  readonly next: (newRoles: readonly string[]) => number | null;
}

export interface Committer {
  /** One verdict a step, in order; refused steps are the caller's to fail. */
  commit(steps: readonly FinishedStep[]): Promise<readonly Verdict[]>;
  /** Publishes and completes what a dead supervisor had intended; refused with `INTENT_WAITS` what a disk does not take now. */
  rollForward(
    intents: readonly UnfinishedIntent[],
    options: { readonly wait: boolean },
  ): Promise<readonly Verdict[]>;
  /** sha256 of files; null where none can be read. */
  hashes(paths: readonly string[]): Promise<readonly (string | null)[]>;
  /** Why the first of these folders that takes no file takes none, or null. */
  probe(folders: readonly string[]): Promise<Refusal | null>;
  /** Removes staging and temp folders, without waiting. */
  discard(folders: readonly string[]): void;
  /** Removes folders that are empty by now, without waiting. */
  tidy(folders: readonly string[]): void;
  close(): Promise<void>;
}

export type UnfinishedIntent = Intent &
  Pick<FinishedStep, "jobId" | "outDir" | "stage" | "item" | "next">;

export function createCommitter(ledger: Ledger, disk: DiskWatch): Committer {
  const thread = new Worker(new URL("./files-thread.ts", import.meta.url).href);
  const files: Remote<FilesThread> = wrap<FilesThread>(
    thread as unknown as Parameters<typeof wrap>[0],
  );
  let discarding: Promise<unknown> = Promise.resolve();

  const commit = async (steps: readonly FinishedStep[]): Promise<readonly Verdict[]> => {
    const refused = new Map<number, Verdict>();
    const intents = await examineAll(steps, refused);
    const accepted = await intendAll(intents, refused);
    const outDirs = new Map(
      steps.map(({ attemptId, jobId, outDir }) => [attemptId, { jobId, outDir }]),
    );
    await publishAll(accepted, outDirs, refused, true);
    const good = steps.filter((step) => !refused.has(step.attemptId));
    await listOutputs(good, accepted);
    const verdicts = await completeAll(good.map(completionOf), true);
    for (const verdict of verdicts) if (!verdict.ok) refused.set(verdict.attemptId, verdict);
    return steps.map(
      (step) => refused.get(step.attemptId) ?? { attemptId: step.attemptId, ok: true },
    );
  };

  const examineAll = async (
    steps: readonly FinishedStep[],
    refused: Map<number, Verdict>,
  ): Promise<Intent[]> => {
    const named = steps.flatMap((step) => step.outputs.map((output) => ({ step, output })));
    if (named.length === 0) return [];
    const staged = named.map(({ step, output }) => ({
      stagedPath: output.stagedPath,
      stagingDir: step.stagingDir,
      outDir: step.outDir,
    }));
    const found = await disk.untilTaken(
      () => files.examine(staged),
      refusedIn((at) => named[at]?.step.outDir),
      steps[0]?.jobId ?? null,
    );
    const outputs = new Map<number, IntendedOutput[]>();
    for (const [index, { step, output }] of named.entries()) {
      const examined = found[index];
      if (examined === undefined || !examined.ok) {
        refused.set(step.attemptId, refusal(step.attemptId, examined ?? noAnswer));
        continue;
      }
      const relativePath = planTarget({
        item: step.item,
        stage: step.stageName,
        fileName: output.fileName,
        taken: step.artifacts.map((artifact) => artifact.relativePath),
      });
      const targetPath = join(step.outDir, relativePath);
      const list = outputs.get(step.attemptId) ?? [];
      outputs.set(step.attemptId, list);
      list.push({
        role: output.role,
        stagedPath: output.stagedPath,
        targetPath,
        relativePath,
        mimeType: mimeTypeOf(output.fileName),
        mode: examined.mode,
        bytes: examined.bytes,
        sha256: examined.sha256,
        previousSha256: previousOf(step.overwrite, ledger.artifactAt(targetPath)),
      });
    }
    await keepMarkedPages(
      steps,
      outputs,
      files,
      (put, jobId) =>
        disk.untilTaken(
          put,
          refusedIn(() => steps[0]?.outDir),
          jobId,
        ),
      (attemptId, why) => refused.set(attemptId, refusal(attemptId, why)),
    );
    return steps
      .filter((step) => outputs.has(step.attemptId) && !refused.has(step.attemptId))
      .map((step) => ({
        attemptId: step.attemptId,
        outputs: outputs.get(step.attemptId) ?? [],
        meta: step.meta,
        durationMs: step.durationMs,
      }));
  };

  const intendAll = async (
    intents: readonly Intent[],
    refused: Map<number, Verdict>,
  ): Promise<readonly Intent[]> => {
    if (intents.length === 0) return [];
    const verdicts = await disk.untilTaken(() => ledger.intend(intents), never, null);
    for (const verdict of verdicts) if (!verdict.ok) refused.set(verdict.attemptId, verdict);
    return intents.filter((intent) => !refused.has(intent.attemptId));
  };

  const publishAll = async (
    intents: readonly Intent[],
    places: ReadonlyMap<number, { jobId: string; outDir: string }>,
    refused: Map<number, Verdict>,
    wait: boolean,
  ): Promise<void> => {
    const group = intents.flatMap((intent) =>
      intent.outputs.map((output) => ({
        attemptId: intent.attemptId,
        stagedPath: output.stagedPath,
        targetPath: output.targetPath,
        outDir: places.get(intent.attemptId)?.outDir ?? "",
        sha256: output.sha256,
        knownSha256: ledger.artifactAt(output.targetPath)?.sha256 ?? null,
        previousSha256: output.previousSha256,
      })),
    );
    if (group.length === 0) return;
    const put = (): Promise<Published[]> => files.publish(group);
    const jobId = places.get(group[0]?.attemptId ?? 0)?.jobId ?? null;
    const results = wait
      ? await disk.untilTaken(
          put,
          refusedIn((at) => group[at]?.outDir),
          jobId,
        )
      : await put();
    for (const [index, { attemptId }] of group.entries()) {
      const published = results[index] ?? { ok: false as const, ...noAnswer };
      if (!published.ok) refused.set(attemptId, refusal(attemptId, afterIntent(published)));
    }
  };

  const completeAll = async (
    completions: readonly Completion[],
    wait: boolean,
  ): Promise<readonly Verdict[]> => {
    if (completions.length === 0) return [];
    if (wait) return disk.untilTaken(() => ledger.complete(completions), never, null);
    return ledger.complete(completions).catch((error: unknown) => {
      if (diskTroubleOf(error) === null) throw error;
      const why = { code: INTENT_WAITS, message: String(error) };
      return completions.map(({ attemptId }) => refusal(attemptId, why));
    });
  };

  return {
    commit,
    async rollForward(intents, { wait }) {
      const refused = new Map<number, Verdict>();
      await publishAll(
        intents,
        new Map(intents.map((intent) => [intent.attemptId, intent])),
        refused,
        wait,
      );
      const good = intents.filter((intent) => !refused.has(intent.attemptId));
      await listOutputs(good, intents);
      const completions = good.map((intent) => ({
        attemptId: intent.attemptId,
        meta: intent.meta,
        durationMs: intent.durationMs,
        nextStage: intent.next(intent.outputs.map((output) => output.role)),
      }));
      const verdicts = await completeAll(completions, wait);
      for (const verdict of verdicts) if (!verdict.ok) refused.set(verdict.attemptId, verdict);
      return intents.map(
        ({ attemptId }) => refused.get(attemptId) ?? { attemptId, ok: true as const },
      );
    },
    hashes: (paths) => files.hashes(paths),
    probe: (folders) => files.probe(folders),
    discard(folders) {
      discarding = discarding.then(() => files.discard(folders)).catch(() => {});
    },
    tidy(folders) {
      discarding = discarding.then(() => files.tidy(folders)).catch(() => {});
    },
    async close() {
      await discarding;
      files[releaseProxy]();
      thread.terminate();
    },
  };
}

function completionOf(step: FinishedStep): Completion {
  return {
    attemptId: step.attemptId,
    meta: step.meta,
    durationMs: step.durationMs,
    nextStage: step.next(step.outputs.map((output) => output.role)),
  };
}

/** What may be at the target now: nothing, our own earlier bytes, or (by a person's word) anything. */
function previousOf(overwrite: Overwrite, ours: { sha256: string } | null): string | null {
  if (overwrite === "replace") return "*";
  return overwrite === "never" ? null : (ours?.sha256 ?? null);
}
