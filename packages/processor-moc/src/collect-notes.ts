/** Reads every note once and folds its facts into the index; what was read survives a crash. Worker side, I/O. */
import type { GatherInput, ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import { breather } from "./breather.ts";
import { extractFacts } from "./extract/extract-facts.ts";
import type { Language } from "./extract/language.ts";
import type { NoteFacts, NoNote } from "./extract/note-facts.ts";
import { addNote, emptyIndex, type NoteIndex } from "./join/note-index.ts";
import type { MocOptions } from "./options.ts";
import { openNote } from "./read/note-text.ts";
import { vaultItems } from "./read/vault-items.ts";
import { writesPages } from "./options.ts";

/** A checkpoint part holds so many notes, or fewer when they are rich: parts up to 64 kB are kept in the ledger itself. */
const NOTES_A_PART = 200;
const PART_BYTES = 48_000;

type Facts = NoteFacts | NoNote;
type Part = readonly Facts[];

/** @param share how much of the step's progress the reading is */
export async function collectNotes(
  input: GatherInput,
  language: Language,
  ctx: ProcessorContext<MocOptions>,
  share: number,
): Promise<NoteIndex> {
  const index = emptyIndex();
  const known = await loadFacts(ctx);
  const part = openPart(ctx);
  let at = 0;
  for await (const item of vaultItems(input)) {
    const breathe = breather(ctx, (at / Math.max(1, input.count)) * share);
    await breathe();
    const kept = known[at];
    if (kept !== undefined && kept.source === item.source.relativePath) {
      addNote(index, kept);
    } else {
      const text = await openNote(item, ctx.log);
      const source = item.source.relativePath;
      const facts =
        text === null
          ? { source, isNoNote: true as const }
          : await extractFacts(source, text, language, writesPages(ctx.options), breathe);
      addNote(index, facts);
      await part.add(facts);
    }
    at += 1;
    ctx.progress((at / Math.max(1, input.count)) * share, item.source.relativePath);
  }
  await part.flush();
  return index;
}

/** Facts of notes in item order, as far as an earlier attempt came. */
async function loadFacts(ctx: ProcessorContext<MocOptions>): Promise<Facts[]> {
  const saved = await ctx.checkpoint.load();
  // Parts that are no lists are answers of a language model.
  const parts = (saved?.parts ?? []).filter((part) => Array.isArray(part));
  return (parts as unknown as Part[]).flat();
}

function openPart(ctx: ProcessorContext<MocOptions>) {
  let notes: Facts[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (notes.length === 0) return;
    const full = notes;
    [notes, bytes] = [[], 0];
    await ctx.checkpoint.append(full as never);
  };
  return {
    flush,
    async add(facts: Facts): Promise<void> {
      const size = Buffer.byteLength(JSON.stringify(facts));
      if (bytes + size > PART_BYTES) await flush();
      notes.push(facts);
      bytes += size;
      if (notes.length >= NOTES_A_PART) await flush();
    },
  };
}
