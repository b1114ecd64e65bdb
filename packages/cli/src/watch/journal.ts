/** What a watch handed over already, on disk before and after each submission: nothing is missed or submitted twice, whenever it dies. I/O. */
import { mkdir, open, readFile, rename, writeFile, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { SettledFile } from "./settled-files.ts";

/** Files handed over together; the id is that of their job. */
export interface Batch {
  readonly id: string;
  readonly files: readonly SettledFile[];
}

export interface WatchJournal {
  /** Written down before, but not known to have been taken: to be submitted again, under the same id. */
  readonly unfinished: readonly Batch[];
  /** Whether this very state of the file was handed over. */
  knows(file: SettledFile): boolean;
  begin(batch: Batch): Promise<void>;
  done(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

type Line = { readonly begin: Batch } | { readonly done: string };

export async function openJournal(path: string): Promise<WatchJournal> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const batches = await readBatches(path);
  const known = new Map<string, string>();
  for (const { files } of batches.all)
    for (const file of files) known.set(file.path, stateOf(file));
  await rewrite(path, known, batches.unfinished);
  const file = await open(path, "a", 0o600);
  return {
    unfinished: batches.unfinished,
    knows: (one) => known.get(one.path) === stateOf(one),
    async begin(batch) {
      await append(file, { begin: batch });
      for (const one of batch.files) known.set(one.path, stateOf(one));
    },
    done: (batch) => append(file, { done: batch.id }),
    close: () => file.close(),
  };
}

/** A line that was cut off by a death says nothing. */
async function readBatches(path: string): Promise<{ all: Batch[]; unfinished: Batch[] }> {
  const text = await readFile(path, "utf8").catch(() => "");
  const open = new Map<string, Batch>();
  const all: Batch[] = [];
  for (const line of text.split("\n")) {
    const entry = parse(line);
    if (entry === null) continue;
    if ("done" in entry) {
      open.delete(entry.done);
      continue;
    }
    all.push(entry.begin);
    open.set(entry.begin.id, entry.begin);
  }
  return { all, unfinished: [...open.values()] };
}

/** Keeps what counts: the last state of each file, and what is unfinished. */
async function rewrite(
  path: string,
  known: ReadonlyMap<string, string>,
  unfinished: readonly Batch[],
): Promise<void> {
  const files = [...known].map(([one, state]): SettledFile => {
    const [bytes = 0, mtimeMs = 0] = state.split("/").map(Number);
    return { path: one, bytes, mtimeMs };
  });
  const lines: Line[] = [
    ...(files.length === 0 ? [] : [{ begin: { id: "before", files } }, { done: "before" }]),
    ...unfinished.map((begin) => ({ begin })),
  ];
  await writeFile(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), {
    mode: 0o600,
    flush: true,
  });
  await rename(`${path}.new`, path);
}

async function append(file: FileHandle, line: Line): Promise<void> {
  await file.appendFile(`${JSON.stringify(line)}\n`);
  await file.datasync();
}

function parse(line: string): Line | null {
  try {
    return line === "" ? null : (JSON.parse(line) as Line);
  } catch {
    return null;
  }
}

function stateOf({ bytes, mtimeMs }: SettledFile): string {
  return `${bytes}/${mtimeMs}`;
}
