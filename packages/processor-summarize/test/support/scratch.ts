/** Test files in a temp folder that goes away with its test, and the processor run on them. For tests; I/O. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProcessor, type RunOptions } from "@knowledge-chipper/plugin-sdk/testing";
import summarize from "../../src/index.ts";

/** A folder: `await using scratch = await scratchFolder()`. */
export async function scratchFolder() {
  const path = await mkdtemp(join(tmpdir(), "kc-summarize-"));
  return {
    path,
    async file(name: string, content: string | Uint8Array): Promise<string> {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** What a run wrote and said. */
export interface Summary {
  readonly error: (Error & { code?: string }) | undefined;
  readonly note: string;
  readonly claims: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly progress: readonly number[];
  readonly fileNames: readonly string[];
}

/** Runs the processor and collects everything before its files go away. */
export async function summarizeFile(run: RunOptions<typeof summarize.options>): Promise<Summary> {
  await using result = await runProcessor(summarize, run);
  const text = async (role: string) =>
    (await result.outputs.find((output) => output.role === role)?.text()) ?? "";
  return {
    error: result.error,
    note: await text("summary"),
    claims: await text("claims"),
    meta: result.meta,
    warnings: result.logs.filter((log) => log.level === "warn").map((log) => log.message),
    progress: result.progress.map((report) => report.fraction),
    fileNames: result.outputs.map((output) => output.fileName),
  };
}

/** Summarises a file made for this test only. */
export async function summarizeContent(
  name: string,
  content: string | Uint8Array,
  run: RunOptions<typeof summarize.options> = {},
): Promise<Summary> {
  await using scratch = await scratchFolder();
  return await summarizeFile({ ...run, source: await scratch.file(name, content) });
}
