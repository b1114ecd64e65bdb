/** Plain data is told from everything else, and the place of what is not is named. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { assertPlain } from "../../src/rpc/plain.ts";

test("whatever JSON can say is plain, if it touches no prototype", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes("__proto__") && !text.includes('"constructor"'));
      assertPlain(JSON.parse(text), "it");
    }),
  );
});

const cyclic: { list: unknown[] } = { list: [] };
cyclic.list.push({ back: cyclic });

test.each([
  ["meta.when is Date with a prototype", { when: new Date(0) }],
  ["meta.map is Map with a prototype", { map: new Map() }],
  ["meta.n is NaN", { n: Number.NaN }],
  ["meta.a[1].b is undefined", { a: [1, { b: undefined }] }],
  ["meta.big is bigint", { big: 1n }],
  ["meta.f is function", { f: () => 1 }],
  ["meta.list[0].back is a cycle", cyclic],
  ["meta[0] is undefined", Array(2)],
])("%s", (words, value) => {
  expect(() => assertPlain(value, "meta")).toThrow(words);
});

test("the same object in two places is no cycle", () => {
  const shared = { a: 1 };
  assertPlain({ x: shared, y: [shared, shared] }, "meta");
});
