/** A gathering that was cut short goes on from its checkpoint and ends with the bytes of an undisturbed run. */
import { expect, test } from "bun:test";
import { runProcessor, type GatherItemSpec } from "@knowledge-chipper/plugin-sdk/testing";
import moc from "../src/index.ts";
import { mapsOf, textsOf, withNotes, type TestNote } from "./maps.ts";

const NOTES = 450;

/** Enough notes for several parts of a checkpoint. */
function manyNotes(): TestNote[] {
  const subjects = ["sleep", "compound interest", "retrieval", "habit"];
  return Array.from({ length: NOTES }, (_, i) => ({
    name: `note-${String(i).padStart(4, "0")}.md`,
    source: `# Note ${i}\n\nAnna Kowalska says that ${subjects[i % 4]} matters, and ${subjects[(i * 7) % 4]} too. #tag${i % 9}\n`,
    claims: `claims: [{ statement: "Claim ${i % 30}.", confidence: 0.4, quote: "q${i}" }]`,
  }));
}

test("stopped after any part, it ends with the same bytes", async () => {
  await withNotes(manyNotes(), async (items) => {
    const whole = await mapsOf(items);
    for (const parts of [1, 2]) {
      await using cut = await runProcessor(moc, { items, stopAfterCheckpoints: parts });
      expect(cut.ok).toBe(false);
      expect(cut.checkpoint?.parts.length).toBe(parts);
      await using again = await runProcessor(moc, { items, checkpoint: cut.checkpoint });
      expect(again.error).toBeUndefined();
      expect(await textsOf(again)).toEqual(whole);
    }
  });
});

test("what was read before is not read again", async () => {
  await withNotes(manyNotes(), async (items) => {
    const whole = await mapsOf(items);
    await using cut = await runProcessor(moc, { items, stopAfterCheckpoints: 2 });
    const kept = (cut.checkpoint?.parts.flat() ?? []).length;
    expect(kept).toBeGreaterThan(100);
    // Were these opened again, their text would be missing in the maps.
    for (const item of items.slice(0, kept)) await emptyFiles(item);
    await using again = await runProcessor(moc, { items, checkpoint: cut.checkpoint });
    expect(await textsOf(again)).toEqual(whole);
  });
});

test("parts stay small enough for the ledger", async () => {
  await withNotes(manyNotes(), async (items) => {
    await using run = await runProcessor(moc, { items });
    const sizes = (run.checkpoint?.parts ?? []).map((part) => JSON.stringify(part).length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(64_000);
  });
});

test("an abort ends it at once with the reason of the signal", async () => {
  await withNotes(manyNotes(), async (items) => {
    const stop = new AbortController();
    stop.abort(new DOMException("cancelled by the user", "AbortError"));
    await using run = await runProcessor(moc, { items, signal: stop.signal });
    expect(run.error?.message).toBe("cancelled by the user");
  });
});

async function emptyFiles({ source, artifacts = [] }: GatherItemSpec): Promise<void> {
  for (const path of [source, ...artifacts.map((artifact) => artifact.path)])
    await Bun.write(path, "");
}
