/** Stems of outputs: tables of what people expect, and properties that hold for any names. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { commonRoot, segmentsBelow } from "../../src/intake/common-root.ts";
import { numberSet } from "../../src/intake/number-set.ts";
import { foldName, planStems, stemOf } from "../../src/intake/plan-names.ts";

function stems(names: readonly string[], folder = ""): string[] {
  return names.map(planStems(folder, names));
}

describe("stems", () => {
  const table: readonly (readonly [string, string[], string[]])[] = [
    ["the name without its extension", ["talk.mp3", "notes.md"], ["talk", "notes"]],
    ["only the last extension goes", ["a.tar.gz", "v1.2"], ["a.tar", "v1"]],
    ["a name without extension stays", ["README", ".notes", "end."], ["README", ".notes", "end"]],
    ["two of one stem keep their extension", ["talk.mp3", "talk.wav"], ["talk.mp3", "talk.wav"]],
    ["case does not tell stems apart", ["Talk.mp3", "talk.wav"], ["Talk.mp3", "talk.wav"]],
    ["nor do ways to write accents", ["\u00e9.mp3", "e\u0301.wav"], ["\u00e9.mp3", "e\u0301.wav"]],
    ["nor sharp s", ["stra\u00dfe.mp3", "STRASSE.wav"], ["stra\u00dfe.mp3", "STRASSE.wav"]],
    [
      "a third one is not bothered",
      ["talk.mp3", "talk.wav", "x.md"],
      ["talk.mp3", "talk.wav", "x"],
    ],
    [
      "a stem that is another's full name gives way",
      ["talk.mp3", "talk.wav", "talk.mp3.txt"],
      ["talk.mp3", "talk.wav", "talk.mp3.txt"],
    ],
    ["a longer name alone is no collision", ["notes.txt", "notes.txt.md"], ["notes", "notes.txt"]],
    [
      "names that differ only in case get a hash of their path, both",
      ["Talk.md", "talk.md", "talk.txt"],
      ["Talk.md ~22cde7a5", "talk.md ~ccff7643", "talk.txt"],
    ],
  ];
  test.each(table)("%s", (_name, names, expected) => expect(stems(names)).toEqual(expected));

  test("the hash is of the whole path: the same names elsewhere get other hashes", () => {
    const names = ["A.md", "a.md"];
    expect(stems(names, "x")).not.toEqual(stems(names, "y"));
    expect(stems(names, "x")).toEqual(stems(names, "x"));
  });

  test("an over-long stem is cut at a character, with a hash, and leaves room for what follows", () => {
    const [ascii = "", wide = "", emoji = ""] = stems([
      `${"a".repeat(200)}.mp3`,
      `${"ü".repeat(120)}.mp3`,
      `x${"😀".repeat(60)}.mp3`,
    ]);
    expect(ascii).toMatch(/^a{180} ~[0-9a-f]{8}$/);
    expect(wide).toMatch(/^ü{90} ~[0-9a-f]{8}$/);
    expect(emoji).toMatch(/^x(?:😀){44} ~[0-9a-f]{8}$/u);
    expect(stems(["a".repeat(180)])).toEqual(["a".repeat(180)]);
  });
});

/** Names that like to collide: few stems, few extensions, all ways to write them. */
const collidingName = fc
  .tuple(
    fc.constantFrom(
      "talk",
      "Talk",
      "TALK",
      "\u00e9t\u00e9",
      "e\u0301te\u0301",
      "\u00c9T\u00c9",
      "\u00df",
      "ss",
      "\u1e9e",
      "\ufb01",
      "fi",
      "\u212a",
      "k",
      "a".repeat(181),
      "A".repeat(181),
    ),
    fc.constantFrom("", ".mp3", ".MP3", ".wav", ".mp3.txt", ".", ".mp3 ~00000000"),
  )
  .map(([stem, extension]) => stem + extension);
const anyName = fc
  .string({ unit: "binary", minLength: 1, maxLength: 80 })
  .filter((name) => name.isWellFormed() && !/[/\0]/.test(name));
const names = fc.uniqueArray(fc.oneof(collidingName, anyName), { maxLength: 60 });

describe("whatever the names", () => {
  test("no two stems of a folder are the same under case folding and NFC", () => {
    fc.assert(
      fc.property(names, (list) => {
        const folded = stems(list).map(foldName);
        return new Set(folded).size === folded.length;
      }),
      { numRuns: 300 },
    );
  });

  test("stems do not depend on the order of the names", () => {
    const shuffled = names.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const stemIn = planStems("f", list);
        const stemInOther = planStems("f", other);
        return list.every((name) => stemIn(name) === stemInOther(name));
      }),
      { numRuns: 300 },
    );
  });

  test("outputs stay within 255 bytes, and are no folder, path or hidden surprise", () => {
    fc.assert(
      fc.property(names, (list) =>
        stems(list, "folder").every((stem, at) => {
          const bytes = Buffer.byteLength(`${stem}_transcript.json.part`);
          return (
            bytes <= 255 &&
            stem.length > 0 &&
            !stem.includes("/") &&
            stem[0] === shown(list[at] ?? "")[0]
          );
        }),
      ),
    );
  });

  test("a name alone keeps its stem, unless it is too long", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const stem = shown(stemOf(name));
        if (Buffer.byteLength(stem) <= 180) expect(stems([name])).toEqual([stem]);
      }),
    );
  });
});

describe("the common root", () => {
  const folder = (path: string) => ({ path, isFolder: true });
  const file = (path: string) => ({ path, isFolder: false });
  const table = [
    [[folder("/a/b")], "/a/b"],
    [[file("/a/b/x")], "/a/b"],
    [[folder("/a/b"), folder("/a/c")], "/a"],
    [[folder("/a/b"), folder("/a/bc")], "/a"],
    [[folder("/a"), file("/a/b/c/x")], "/a"],
    [[file("/x"), folder("/a")], "/"],
    [[folder("/")], "/"],
    [[], "/"],
  ] as const;
  test.each(table)("of %j is %s", (given, root) => expect(commonRoot(given)).toBe(root));

  test("is above everything given, and no folder below it is", () => {
    const path = fc
      .array(fc.constantFrom("a", "b", "c"), { maxLength: 5 })
      .map((segments) => `/${segments.join("/")}`);
    const given = fc.array(fc.record({ path, isFolder: fc.constant(true) }), { minLength: 1 });
    fc.assert(
      fc.property(given, (list) => {
        const root = commonRoot(list);
        const below = list.map((one) => segmentsBelow(root, one.path));
        const firsts = new Set(below.map(([first]) => first));
        return firsts.size > 1 || firsts.has(undefined);
      }),
    );
  });
});

test("the compact set of numbers agrees with a Set", () => {
  const numbers = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    ),
    { maxLength: 500 },
  );
  fc.assert(
    fc.property(numbers, (list) => {
      const compact = numberSet();
      const plain = new Set<number>();
      for (const number of list) {
        expect(compact.has(number)).toBe(plain.has(number));
        expect(compact.add(number)).toBe(!plain.has(number));
        plain.add(number);
      }
    }),
  );
});

/** A name as outputs show it: control characters replaced. */
function shown(name: string): string {
  // oxlint-disable-next-line no-control-regex -- finding control characters is what this is for
  return name.replace(/[\u0000-\u001f\u007f]/g, "_");
}
