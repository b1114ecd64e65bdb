/** `kc watch`: submits files of folders as they arrive, each once, until it is told to stop. I/O. */
import { newJobId, printable, UserError, type Control } from "@knowledge-chipper/core/reading";
import { connectHome } from "@knowledge-chipper/server/client";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { connectToServer } from "../attach/server-flags.ts";
import { startServer } from "../attach/start-server.ts";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readSettings, type Settings } from "../settings.ts";
import { openJournal, type Batch, type WatchJournal } from "../watch/journal.ts";
import { watchSettledFiles, type SettledFile } from "../watch/settled-files.ts";
import type { RunFlags } from "./declare-run.ts";
import { specFromFlags } from "./job-spec.ts";
import { warn } from "./run.ts";

export interface WatchFlags extends RunFlags, GlobalFlags {
  /** Seconds without change after which a file counts as whole. */
  readonly settle: number;
}

/** Files that settle together make one job. */
const GATHER_MS = 1_000;
/** A server that is away is asked again. */
const AGAIN_MS = 2_000;

export async function watch(folders: readonly string[], flags: WatchFlags): Promise<number> {
  if (!(flags.settle >= 0.1 && flags.settle <= 86_400))
    throw new UserError("bad_settle", "--settle takes seconds, from 0.1 to 86400");
  const settings = await readSettings(flags);
  warn(settings.warnings);
  const paths = await realFolders(folders);
  const template = await specFromFlags(paths, flags, settings);
  const journal = await openJournal(
    journalPath(settings.home, paths, template.pipeline, template.outDir ?? ""),
  );
  const stopping = new AbortController();
  const queue = batches(journal, stopping.signal);
  const watcher = await watchSettledFiles(paths, {
    quietMs: flags.settle * 1_000,
    onFile: (file) => {
      if (!isBelow(file.path, template.outDir ?? "")) queue.add(file);
    },
    onError: (error) => say(`a folder cannot be watched: ${String(error)}`),
  });
  say(`watching ${paths.map(printable).join(", ")}; Ctrl-C ends the watch, not the work`);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => stopping.abort());
  try {
    for await (const batch of queue.next()) {
      const submit = (control: Control) =>
        control.submit({ ...template, id: batch.id, paths: batch.files.map(({ path }) => path) });
      const jobId = await untilTaken(settings, flags, stopping.signal, submit);
      if (jobId === null) break;
      await journal.done(batch);
      say(
        `${batch.files.length === 1 ? printable(batch.files[0]?.path ?? "") : `${batch.files.length} files`}: job ${batch.id}`,
      );
      if (flags.json === true)
        process.stdout.write(
          `${JSON.stringify({ jobId: batch.id, paths: batch.files.map(({ path }) => path) })}\n`,
        );
    }
  } finally {
    await watcher.close();
    await journal.close();
  }
  return exitCodes.done;
}

/** What settles within a moment goes together; what an earlier watch did not get rid of goes first. */
function batches(journal: WatchJournal, signal: AbortSignal) {
  let waiting: SettledFile[] = [];
  let ring = () => {};
  signal.addEventListener("abort", () => ring());
  return {
    add(file: SettledFile): void {
      if (journal.knows(file) || waiting.some(({ path }) => path === file.path)) return;
      waiting.push(file);
      ring();
    },
    async *next(): AsyncGenerator<Batch> {
      yield* journal.unfinished;
      while (!signal.aborted) {
        if (waiting.length === 0) {
          await new Promise<void>((resolve) => (ring = resolve));
          continue;
        }
        await Promise.race([Bun.sleep(GATHER_MS), aborted(signal)]);
        if (signal.aborted) return;
        const batch = { id: newJobId(), files: waiting };
        waiting = [];
        await journal.begin(batch);
        yield batch;
      }
    },
  };
}

/** Tries until a supervisor has taken it; null when told to stop before. A refusal is said once and not tried again. */
async function untilTaken(
  settings: Settings,
  global: GlobalFlags,
  signal: AbortSignal,
  submit: (control: Control) => Promise<{ job: { id: string } }>,
): Promise<string | null> {
  for (let said = false; !signal.aborted; said = true) {
    let control: Control | null = null;
    try {
      control = await connect(settings, global);
      return (await submit(control)).job.id;
    } catch (error) {
      const { code, name } = error as { code?: string; name?: string };
      const mayPass =
        name !== "UserError" ||
        ["connection_lost", "draining", "server_unreachable", "server_not_started"].includes(
          code ?? "",
        );
      if (!mayPass) {
        say(`refused: ${printable(String((error as Error).message))}`);
        return "refused";
      }
      if (!said) say(`no supervisor takes it yet (${printable(String(error))}); trying again`);
      await Promise.race([Bun.sleep(AGAIN_MS), aborted(signal)]);
    } finally {
      await control?.close();
    }
  }
  return null;
}

async function connect(settings: Settings, global: GlobalFlags): Promise<Control> {
  if (settings.server !== null) return connectToServer(settings.server);
  return (await connectHome(settings.home)) ?? startServer(settings, global);
}

async function realFolders(folders: readonly string[]): Promise<string[]> {
  return Promise.all(
    folders.map(async (folder) => {
      const path = resolve(folder);
      const facts = await stat(path).catch(() => null);
      if (facts?.isDirectory() === true) return path;
      throw new UserError("not_a_folder", `${folder} is not a folder; kc watch takes folders`);
    }),
  );
}

/** One for each set of folders, pipeline and output: another pipeline over the same folder is another watch. */
function journalPath(
  home: string,
  paths: readonly string[],
  pipeline: readonly string[],
  outDir: string,
): string {
  const key = JSON.stringify([paths.toSorted(), pipeline, outDir]);
  const name = new Bun.CryptoHasher("sha256").update(key).digest("hex").slice(0, 16);
  return join(home, "watch", `${name}.jsonl`);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}

function say(text: string): void {
  process.stderr.write(`kc: ${text}\n`);
}
