/** File names of pages are legal on every system and unlike each other, whatever the names are. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { pageNames, type Named } from "../src/write/page-names.ts";

const MAPS = ["MOC", "People", "Tags", "Mental_Models", "Jargon", "claims"];
const person = (name: string): Named => ({ name, kind: "person" });

test("plain names stay, marks that a system or a link would not take become spaces", () => {
  const names = [
    "Charlie Munger",
    "AC/DC: live?",
    "a|b#c^d[e]",
    "CON",
    "lpt1.txt",
    "..dots..",
    "***",
  ];
  const stems = pageNames(names.map(person), MAPS);
  expect(stems.slice(0, 6)).toEqual([
    "Charlie Munger",
    "AC DC live",
    "A b c d e",
    "CON -",
    "Lpt1.txt -",
    "dots",
  ]);
  expect(stems[6]).toMatch(/^Page [0-9a-f]{6}$/);
});

test("names that differ in case alone, or lie on a map, say what they are", () => {
  const entities: Named[] = [
    { name: "RAG", kind: "term" },
    { name: "Rag", kind: "person" },
    { name: "people", kind: "term" },
    { name: "Straße", kind: "term" },
  ];
  expect(pageNames(entities, MAPS)).toEqual([
    "RAG (term)",
    "Rag (person)",
    "People (term)",
    "Straße",
  ]);
});

test("a name does not depend on the order of the others", () => {
  const entities = ["a", "A", "b?", "b!", "C", "c:"].map(person);
  const byEntity = new Map(pageNames(entities, MAPS).map((stem, i) => [entities[i]?.name, stem]));
  const turned = entities.toReversed();
  pageNames(turned, MAPS).forEach((stem, i) =>
    expect(stem).toBe(byEntity.get(turned[i]?.name) ?? ""),
  );
});

test("any names at all: legal, short enough, and no two alike on a system that does not tell case apart", () => {
  const names = fc.uniqueArray(
    fc.record({
      name: fc.string({ unit: "grapheme", maxLength: 200 }),
      kind: fc.constantFrom("person", "model", "term"),
    }),
    { selector: ({ name, kind }) => `${kind} ${name}` },
  );
  fc.assert(
    fc.property(names, (entities) => {
      const stems = pageNames(entities as Named[], MAPS);
      const seen = new Set(MAPS.map((stem) => stem.toLowerCase()));
      for (const stem of stems) {
        expect(stem).not.toMatch(/[*"\\/<>:|?#^[\]\p{Cc}]|^[\s.]|[\s.]$/u);
        expect(stem).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^.]*)?$/i);
        expect(Buffer.byteLength(`${stem}.md`)).toBeLessThan(200);
        expect(seen.has(stem.normalize("NFC").toLowerCase())).toBe(false);
        seen.add(stem.normalize("NFC").toLowerCase());
      }
    }),
    { numRuns: 300 },
  );
});
