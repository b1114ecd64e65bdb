import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Phrase } from "../src/language/analyzer.ts";
import { diversify } from "../src/rank/diversify.ts";
import { KeywordCounter } from "../src/rank/keywords.ts";
import { outlineOf } from "../src/rank/outline.ts";
import { quality } from "../src/rank/quality.ts";
import type { Sentence } from "../src/rank/sentence.ts";
import { similarityOf, TermCounts } from "../src/rank/similarity.ts";
import { textRank } from "../src/rank/textrank.ts";
import { blockAt, type DocumentText } from "../src/read/document-text.ts";

const sentence = (text: string, more: Partial<Sentence> = {}): Sentence => ({
  text,
  start: 0,
  words: text.split(/\s+/).length,
  isClause: true,
  terms: text.toLowerCase().match(/\p{L}{4,}/gu) ?? [],
  phrases: [],
  index: 0,
  section: 0,
  heading: null,
  position: {},
  opensSection: false,
  ...more,
});
const countsOf = (sentences: readonly (readonly string[])[]) => {
  const counts = new TermCounts();
  for (const terms of sentences) counts.add(terms);
  return counts;
};
const termLists = fc.array(
  fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 6 }),
  {
    maxLength: 12,
  },
);

describe("similarity", () => {
  test("is symmetric and a cosine, whatever the sentences are", () => {
    fc.assert(
      fc.property(termLists, (lists) => {
        const rows = similarityOf(lists, countsOf(lists));
        for (const [i, row] of rows.entries()) {
          for (const [j, weight] of row) {
            expect(i).not.toBe(j);
            expect(rows[j]?.get(i)).toBeCloseTo(weight, 10);
            expect(weight).toBeGreaterThan(0);
            expect(weight).toBeLessThan(1.0000001);
          }
        }
      }),
    );
  });

  test("of equal sentences is 1", () => {
    const lists = [["loop", "valve"], ["loop", "valve"], ["book"]];
    expect(similarityOf(lists, countsOf(lists))[0]?.get(1)).toBeCloseTo(1, 10);
  });
});

describe("TextRank", () => {
  test("puts the sentence in the middle first", () => {
    const lists = [["pipe", "valve"], ["valve", "water"], ["valve", "pipe", "water"], ["book"]];
    const rank = textRank(similarityOf(lists, countsOf(lists)));
    expect(rank.indexOf(1)).toBe(2);
    expect(rank[3]).toBeLessThan(rank[0] ?? 0);
  });

  test("stays between 0 and 1 with 1 for the best, whatever the sentences are", () => {
    fc.assert(
      fc.property(termLists, (lists) => {
        const rank = [...textRank(similarityOf(lists, countsOf(lists)))];
        expect(rank.every((each) => each > 0 && each <= 1)).toBe(true);
        if (rank.length > 0) expect(Math.max(...rank)).toBe(1);
      }),
    );
  });
});

describe("choosing without repetition", () => {
  test("prefers a weaker sentence that says something else", () => {
    const similarity = [new Map([[1, 0.7]]), new Map([[0, 0.7]]), new Map<number, number>()];
    expect(diversify([1, 0.95, 0.7], similarity, [0, 0, 0], 2)).toEqual([0, 2]);
  });

  test("never takes the same thing twice, nor a sentence without a score", () => {
    const similarity = [new Map([[1, 0.9]]), new Map([[0, 0.9]]), new Map<number, number>()];
    expect(diversify([1, 0.9, 0], similarity, [0, 0, 0], 3)).toEqual([0]);
  });

  test("goes through all sections", () => {
    const none = [0, 1, 2, 3].map(() => new Map<number, number>());
    expect(diversify([1, 0.99, 0.98, 0.95], none, [0, 0, 0, 1], 2)).toEqual([0, 3]);
  });
});

describe("a sentence stands alone", () => {
  const better: [string, string, string][] = [
    [
      "the one that leans on nothing",
      "A valve keeps the pressure behind it constant at all times.",
      "However, that is why it keeps the pressure constant at all times.",
    ],
    [
      "the statement",
      "The main cause of bursts is pressure that nobody needs.",
      "What is the main cause of the bursts that nobody needs?",
    ],
    [
      "the whole one",
      "The report lists three causes and explains each of them in turn.",
      "The report lists the following three causes and explains them:",
    ],
    [
      "the finding",
      "The study found that bursts fell by half within the first year.",
      "The district lies by the harbour and has eleven streets and a church.",
    ],
    [
      "prose",
      "The valve keeps the pressure behind it constant at any time of the day.",
      "p = 3.2, q = 4.1, r = 17 / 3, s = 12 * 4, t = 9 ^ 2 and u = 11 - 4 + 2",
    ],
    [
      "what is said",
      "Pressure rises at night because nobody draws water from the pipes then.",
      "Thank you all for coming, and good morning to everybody in this room.",
    ],
    [
      "fact before hearsay",
      "Most of the bursts are caused by pressure at night in the low districts.",
      "Most people believe that bursts are caused by age in the low districts.",
    ],
  ];
  test.each(better)("%s is better", (_, good, bad) => {
    expect(quality(sentence(good), "en")).toBeGreaterThan(quality(sentence(bad), "en"));
  });

  test("unless it is one endless word", () => {
    expect(quality(sentence("a".repeat(200)), "en")).toBe(0);
  });
});

describe("keywords", () => {
  const phrase = (label: string, kind: Phrase["kind"] = "other"): Phrase => ({
    key: label.toLowerCase(),
    label,
    words: label.split(" ").length,
    kind,
  });
  const counted = (...mentions: Phrase[][]) => {
    const counter = new KeywordCounter();
    for (const phrases of mentions) counter.add(sentence("x", { phrases }));
    return counter;
  };

  test("prefer what comes back, and the longer phrase to its parts", () => {
    const loop = [phrase("feedback loop", "compound"), phrase("loop")];
    expect(counted(loop, loop, loop, [phrase("valve")], [phrase("valve")]).best(5, "", "")).toEqual(
      ["feedback loop", "valve"],
    );
  });

  test("count a surname for its full name", () => {
    const names = [[phrase("Daniel Kahneman", "name")], [phrase("Kahneman", "name")]];
    expect(counted(...names).best(5, "", "")).toEqual(["Daniel Kahneman"]);
  });

  test("prefer what the title names", () => {
    expect(counted([phrase("valve"), phrase("pump")]).best(1, "The pump", "")).toEqual(["pump"]);
  });

  test("can be none", () => {
    expect(counted([phrase("valve")]).best(0, "", "")).toEqual([]);
  });
});

describe("the outline of a long document", () => {
  const document = (sections: DocumentText["sections"]): DocumentText => ({
    title: null,
    language: null,
    sections,
    warnings: [],
  });

  test("goes by its highest headings; lower ones belong to them", () => {
    const headings: [string, number][] = [
      ["A", 1],
      ["A.1", 2],
      ["B", 1],
      ["C", 1],
    ];
    const outline = outlineOf(
      document(headings.map(([heading, level]) => ({ heading, level, blocks: [] }))),
      20_000,
    );
    expect(outline.titles).toEqual(["A", "B", "C"]);
    expect([0, 1, 2, 3].map((section) => outline.partOf({ section, position: {} }))).toEqual([
      0, 0, 1, 2,
    ]);
  });

  test("takes many headings together", () => {
    const sections = Array.from({ length: 100 }, (_, i) => ({
      heading: `Part ${i}`,
      level: 1,
      blocks: [],
    }));
    const { titles } = outlineOf(document(sections), 20_000);
    expect(titles).toHaveLength(20);
    expect(titles[0]).toBe("Part 0 to Part 4");
  });

  test("goes by pages or minutes where there are no headings", () => {
    const at = (position: object) =>
      document([{ heading: null, level: 0, blocks: [blockAt("x", position)] }]);
    expect(outlineOf(at({ page: 30 }), 20_000).titles).toEqual([
      "Pages 1 to 5",
      "Pages 6 to 10",
      "Pages 11 to 15",
      "Pages 16 to 20",
      "Pages 21 to 25",
      "Pages 26 to 30",
    ]);
    expect(outlineOf(at({ seconds: 1500 }), 20_000).titles).toEqual([
      "00:00 to 05:00",
      "05:00 to 10:00",
      "10:00 to 15:00",
      "15:00 to 20:00",
      "20:00 to 25:00",
      "25:00 to 25:00",
    ]);
  });

  test("is none for a short one", () => {
    expect(outlineOf(document([]), 500).titles).toEqual([]);
  });
});
