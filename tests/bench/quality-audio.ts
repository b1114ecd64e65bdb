/** Word error rate of pocketsphinx on speech of flite: `bun tests/bench/quality-audio.ts`. Needs flite and pocketsphinx; I/O. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
// @boundaries-ignore the processor itself is measured
import audio from "../../packages/processor-audio/src/index.ts";
// @boundaries-ignore recordings are made as in the tests of the processor
import { speak } from "../../packages/processor-audio/test/sounds.ts";

/** Plain sentences of several kinds; written for this. */
const TEXTS = [
  "Nobody wants to start again from the beginning. That is why the supervisor was made. When one worker dies, another takes its place, and the work goes on from the last finished step.",
  "The river was high after three days of rain. We left the car near the old bridge and walked along the water until the path was gone.",
  "Please write down the names of everybody who was there. The first meeting is on Monday, and the second one will be at the end of the month.",
  "A good question is worth more than a quick answer. Before you decide, ask what would have to be true for the other side to be right.",
];

const folder = await mkdtemp(join(tmpdir(), "kc-quality-"));
try {
  let errors = 0;
  let words = 0;
  for (const [i, text] of TEXTS.entries()) {
    const source = await speak(text, join(folder, `${i}.wav`));
    await using run = await runProcessor(audio, {
      source,
      options: { engine: "pocketsphinx", decoder: "wasm", format: "txt", timestamps: false },
    });
    if (run.error !== undefined) throw run.error;
    const wanted = wordsOf(text);
    const wrong = distance(wanted, wordsOf((await run.outputs[0]?.text()) ?? ""));
    errors += wrong;
    words += wanted.length;
    console.log(`text ${i + 1}: ${wrong} of ${wanted.length} words wrong`);
  }
  console.log(`word error rate: ${(errors / words).toFixed(2)} (${errors} of ${words} words)`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z']+/g) ?? [];
}

/** Words to put in, take out or change to make one of the other (Levenshtein). */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, j) => j + 1);
  let corner = 0;
  for (const [i, word] of a.entries()) {
    corner = i;
    let left = i + 1;
    row = row.map((above, j) => {
      const cost = Math.min(above + 1, left + 1, corner + (word === b[j] ? 0 : 1));
      corner = above;
      left = cost;
      return cost;
    });
  }
  return b.length === 0 ? a.length : (row.at(-1) ?? 0);
}
