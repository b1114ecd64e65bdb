/** How many of the people and terms that a person finds in the notes the maps find too, and how many others they invent. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { GatherItemSpec } from "@knowledge-chipper/plugin-sdk/testing";
import { headings, mapsOf } from "./maps.ts";
import { vaultItems } from "./vault.ts";

interface Labels {
  readonly items: () => GatherItemSpec[];
  readonly people: readonly string[];
  readonly terms: readonly string[];
}

const UNSEEN = join(import.meta.dir, "fixtures", "unseen");

const LABELS: Readonly<Record<string, Labels>> = {
  vault: {
    items: vaultItems,
    people: lines(`
      Sarah Chen, Monika Halberg, Charlie Munger, Warren Buffett, Benjamin Graham, John Bogle, Daniel Kahneman, Gary Klein,
      Amos Tversky, Richard Thaler, Linda Babcock, Philip Tetlock, Barbara Mellers, Brad Barber, Terrance Odean, Patrick Lewis,
      Harrison Chase, Yury Malkov, Hervé Jégou, Stephen Robertson, Shunyu Yao, Jason Wei, Anna Lindqvist, Tomasz Wierzbicki,
      Maiken Nedergaard, Jan Born, Robert Stickgold, Charles Czeisler, Charles Duhigg, James Clear, BJ Fogg, Carol Dweck,
      Hermann Ebbinghaus, Henry Roediger, Jeffrey Karpicke, Piotr Wozniak`),
    terms: lines(`
      Margin of safety, Index fund, Loss aversion, Endowment effect, Base rate, Overconfidence,
      Retrieval-augmented generation (RAG), Large language model (LLM), Embedding, Hallucination, Mean reciprocal rank (MRR),
      Hierarchical navigable small world (HNSW), Quantization, Product quantization (PQ), Agent, Glymphatic system,
      Memory consolidation, Adenosine, Circadian rhythm, Habit loop, Environment design, Spaced repetition, Forgetting curve,
      Testing effect, Approximate nearest neighbour search (ANN)`),
  },
  "texts the rules were not written for": {
    items: () =>
      readdirSync(UNSEEN)
        .sort()
        .map((name) => ({ source: join(UNSEEN, name) })),
    people: lines(`
      Roald Amundsen, Leon, Robert Peary, Frederick Cook, Robert Falcon Scott, Apsley Cherry-Garrard, Edward Wilson, Tryggve Gran,
      Fridtjof Nansen, James Lind, Ernest Shackleton, Roland Huntford, Susan Solomon, Priya Raghunathan, Oskar Steiner,
      Atul Gawande, Eric Ries, Reid Hoffman, Roelof Botha, Grace Mwangi, Marc Andreessen, Sandra Kowalczyk, Charles Dowding,
      Masanobu Fukuoka`),
    terms: lines(`
      Sled dog relay, Scurvy, National Oceanic and Atmospheric Administration (NOAA), Katabatic wind,
      Minimum viable product (MVP), Churn, Net revenue retention (NRR), Compost, Mycorrhiza`),
  },
};

describe.each(Object.entries(LABELS))("in the %s", (_, { items, people, terms }) => {
  test("nearly all people are found, and next to nobody else", async () => {
    const found = headings((await mapsOf(items()))["People.md"], 3);
    expect(misses(found, people)).toEqual([]);
    expect(precision(found, people)).toBeGreaterThanOrEqual(0.95);
  });

  test("most terms are found, and next to no others", async () => {
    const found = headings((await mapsOf(items()))["Jargon.md"], 3);
    expect(recall(found, terms)).toBeGreaterThanOrEqual(0.85);
    expect(precision(found, terms)).toBeGreaterThanOrEqual(0.95);
  });
});

test("tags are words that say something", async () => {
  const tags = headings((await mapsOf(vaultItems()))["Tags.md"], 3);
  expect(tags).toContain("#machine-learning");
  expect(tags).toContain("#language-model");
  expect(tags.filter((tag) => !/^#[\p{L}\p{N}/_-]*\p{L}[\p{L}\p{N}/_-]*$/u.test(tag))).toEqual([]);
  const empty =
    /^#(?:the|and|that|this|thing|things|people|way|something|lot|time|year|example|part|note|notes)$/;
  expect(tags.filter((tag) => empty.test(tag))).toEqual([]);
});

function lines(text: string): string[] {
  return text.split(/,\s+/).map((name) => name.trim());
}

function misses(found: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((name) => !found.includes(name));
}

function recall(found: readonly string[], wanted: readonly string[]): number {
  return 1 - misses(found, wanted).length / wanted.length;
}

function precision(found: readonly string[], wanted: readonly string[]): number {
  return found.filter((name) => wanted.includes(name)).length / found.length;
}
