/** Pages that gather stages write together with a person: before the intent, each takes over what stands around its marked block. Host, I/O by its thread. */
import type { Remote } from "comlink";
import type { IntendedOutput } from "../ledger/port.ts";
import type { FinishedStep } from "./committer.ts";
import type { FilesThread } from "./files-thread.ts";
import type { KeptAround } from "./keep-around.ts";

type Refuse = (attemptId: number, why: { code: string; message: string }) => void;

/** Changes the lists of `outputs` in place where a page replaces another one's block. */
export async function keepMarkedPages(
  steps: readonly FinishedStep[],
  outputs: ReadonlyMap<number, IntendedOutput[]>,
  files: Pick<Remote<FilesThread>, "keepAround">,
  untilTaken: (attempt: () => Promise<KeptAround[]>, jobId: string) => Promise<KeptAround[]>,
  refuse: Refuse,
): Promise<void> {
  for (const { item, attemptId, jobId, stagingDir, overwrite } of steps) {
    if (item !== null || overwrite === "never") continue;
    const list = outputs.get(attemptId) ?? [];
    const pages = list.flatMap((output, index) =>
      output.mimeType === "text/markdown" ? { index, output } : [],
    );
    if (pages.length === 0) continue;
    const asked = pages.map(({ output: { stagedPath, targetPath } }) => ({
      stagedPath,
      targetPath,
      stagingDir,
    }));
    const kept = await untilTaken(() => files.keepAround(asked), jobId);
    for (const [at, { index, output }] of pages.entries()) {
      const answer = kept[at];
      if (answer === undefined || !answer.ok) {
        refuse(attemptId, answer ?? noAnswer);
        break;
      }
      if (answer.page !== null) list[index] = { ...output, ...answer.page, isMarked: true };
    }
  }
}

const noAnswer = { code: "output_unreadable", message: "the files thread gave no answer" };
