/** The whole way: notes to facts (kept in checkpoints), facts to maps, maps to files. Worker side, I/O. */
import type { GatherInput, ProcessorContext, ProcessResult } from "@knowledge-chipper/plugin-sdk";
import { openLanguage } from "./extract/language.ts";
import { breather } from "./breather.ts";
import { openJudge } from "./ask/judge.ts";
import { collectNotes } from "./collect-notes.ts";
import { joinNotes } from "./join/join-notes.ts";
import type { MocOptions } from "./options.ts";
import { writeMaps } from "./write/write-maps.ts";

/** Share of the work that reading the notes is. */
const READING = 0.9;

export async function gatherMaps(
  input: GatherInput,
  ctx: ProcessorContext<MocOptions>,
): Promise<ProcessResult> {
  const language = await openLanguage();
  const index = await collectNotes(input, language, ctx, READING);
  ctx.progress(READING, "finding topics");
  const judge = await openJudge(ctx);
  const maps = await joinNotes(index, language, ctx.options, judge, breather(ctx, READING));
  ctx.signal.throwIfAborted();
  await writeMaps(maps, ctx);
  ctx.progress(1);
  return { meta: maps.counts };
}
