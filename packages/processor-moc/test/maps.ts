/** Runs the processor on notes made for one test, and reads the maps. For tests; temp folders. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  runProcessor,
  type GatherItemSpec,
  type ProcessorRun,
  type RunOptions,
} from "@knowledge-chipper/plugin-sdk/testing";
import moc from "../src/index.ts";

/** A note as a test writes it: text by role; the source itself under `source`. */
export interface TestNote {
  /** Path relative to the job's folder. */
  readonly name: string;
  readonly source?: string | Uint8Array;
  readonly segments?: string;
  readonly transcript?: string;
  readonly summary?: string;
  readonly claims?: string;
}

const ENDINGS = {
  claims: "_claims.yaml",
  summary: "_summary.md",
  transcript: "_transcript.md",
  segments: "_segments.json",
} as const;

/** Writes the notes to a temp folder for as long as `use` takes. */
export async function withNotes<Result>(
  notes: readonly TestNote[],
  use: (items: GatherItemSpec[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "kc-moc-"));
  try {
    const items: GatherItemSpec[] = [];
    for (const note of notes) items.push(await writeNote(folder, note));
    return await use(items);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The maps of these notes, by file name. Throws what the processor threw. */
export async function mapsOf(
  items: readonly GatherItemSpec[],
  run: Omit<RunOptions<typeof moc.options>, "items"> = {},
): Promise<Record<string, string>> {
  await using done = await runProcessor(moc, { ...run, items });
  if (done.error !== undefined) throw done.error;
  return await textsOf(done);
}

export async function textsOf(run: ProcessorRun): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const output of run.outputs) texts[output.fileName] = await output.text();
  return texts;
}

/** Headings of one level, as they stand there. */
export function headings(page: string | undefined, level: number): string[] {
  const mark = `${"#".repeat(level)} `;
  return (page ?? "")
    .split("\n")
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(mark.length));
}

async function writeNote(folder: string, note: TestNote): Promise<GatherItemSpec> {
  const source = join(folder, "in", note.name);
  await write(source, note.source ?? "not read");
  const stem = note.name.replace(/\.[^./]*$/, "");
  const artifacts = [];
  for (const [role, ending] of Object.entries(ENDINGS)) {
    const text = note[role as keyof typeof ENDINGS];
    if (text === undefined) continue;
    const relativePath = `${stem}${ending}`;
    const path = join(folder, "out", relativePath);
    await write(path, text);
    artifacts.push({ role, path, relativePath });
  }
  return { source, relativePath: note.name, artifacts };
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await Bun.write(path, content);
}
