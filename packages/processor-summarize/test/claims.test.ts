import { describe, expect, test } from "bun:test";
import { ClaimCollector, standAlone } from "../src/claims/find-claims.ts";
import { strongestCue } from "../src/claims/cues.ts";
import type { Sentence } from "../src/rank/sentence.ts";

let index = 0;
const sentence = (text: string): Sentence => ({
  text,
  start: 0,
  words: text.split(/\s+/).length,
  isClause: true,
  terms: text.toLowerCase().match(/\p{L}{4,}/gu) ?? [],
  phrases: [],
  index: index++,
  section: 0,
  heading: "Part",
  position: { line: 3 },
  opensSection: false,
});
const claimsOf = (texts: readonly string[], central: readonly string[] = [], limit = 20) => {
  const collector = new ClaimCollector("en", limit);
  const sentences = texts.map(sentence);
  for (const each of sentences) collector.add(each);
  return collector.claims(sentences.filter((each) => central.includes(each.text)));
};

describe("the kind of a claim", () => {
  test.each([
    ["definition", "A pressure zone is a part of the network that is fed through one point."],
    ["definition", "Inversion means that you ask how a plan would fail."],
    ["definition", "The tendency is known as survivorship bias."],
    ["definition", "Retention is defined as the share of cards answered correctly."],
    ["finding", "Research on learning shows that recall helps more than rereading."],
    ["finding", "We found that two valves were fighting each other."],
    ["finding", "Leakage at night dropped by 26 percent."],
    ["prediction", "The stage is expected to save water."],
    ["prediction", "By 2040 every district will have its own zone."],
    ["prediction", "If the savings hold, the reservoir will not be needed."],
    ["recommendation", "You should test each valve alone."],
    ["recommendation", "Never finish a card that bores you."],
    ["recommendation", "The board recommends new zones."],
    ["causal", "Long sessions led to careless answers."],
    ["causal", "The project failed because nobody controlled its scope."],
  ])("is a %s: %p", (type, text) => {
    expect(strongestCue(text)?.type).toBe(type as "definition");
  });

  test.each([
    "It decides how hard the next answer will be.",
    "The harbour lies to the south of the town.",
    "She asked what we are going to stop doing.",
    "That is a good sign: a long list is a way of not choosing.",
  ])("is unknown: %p", (text) => {
    expect(strongestCue(text)).toBeNull();
  });
});

describe("claims", () => {
  const fact = "The study shows that bursts fell in every single zone of the district.";

  test("carry statement, type, confidence, quote and position", () => {
    expect(claimsOf([`However, ${fact.charAt(0).toLowerCase()}${fact.slice(1)}`])).toEqual([
      {
        statement: fact,
        type: "finding",
        confidence: 0.6,
        quote: `However, ${fact.charAt(0).toLowerCase()}${fact.slice(1)}`,
        position: "Part, line 3",
      },
    ]);
  });

  test("are less sure when hedged, more sure when central or precise", () => {
    const confidence = (text: string, central = false) =>
      claimsOf([text], central ? [text] : [])[0]?.confidence;
    const plain = confidence(fact) ?? 0;
    expect(confidence(fact.replace("fell", "perhaps fell"))).toBeLessThan(plain);
    expect(confidence(fact.replace("every single", "all 11"))).toBeGreaterThan(plain);
    expect(confidence(fact, true)).toBeGreaterThan(plain);
  });

  test("are no questions, no hearsay and no fragments", () => {
    expect(
      claimsOf([
        "Does the study show that bursts fell in every zone of the district?",
        "Most people believe that a main bursts because it is old and worn out.",
        "because",
      ]),
    ).toEqual([]);
  });

  test("of central sentences without a cue are statements, unless the writer speaks of himself", () => {
    const plain = "Fifteen minutes a day make ninety hours in the course of a year.";
    const own = "In August I started to review everything that I read in the evening.";
    expect(claimsOf([plain, own], [plain, own]).map(({ type, quote }) => [type, quote])).toEqual([
      ["statement", plain],
    ]);
  });

  test("are the surest ones up to the limit, in reading order, however many there are", () => {
    const many = Array.from(
      { length: 500 },
      (_, i) => `Zone number ${i} failed because its valves were far too slow for the pumps.`,
    );
    const sure = "The measurements show that 12 of the valves were too slow for the pumps.";
    const claims = claimsOf([...many, sure], [], 3);
    expect(claims).toHaveLength(3);
    expect(claims.at(-1)?.quote).toBe(sure);
  });
});

describe("a sentence made to stand alone", () => {
  test.each([
    ["and so it begins", "So it begins."],
    ["Therefore, we test.", "We test."],
    ["It fell by half [12].", "It fell by half."],
    ["“Really?”", "“Really?”"],
    ["élan vital", "Élan vital."],
    ["これは例です。", "これは例です。"],
  ])("%p becomes %p", (before, after) => {
    expect(standAlone(before)).toBe(after);
  });
});
