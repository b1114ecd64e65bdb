/** Pages that a person and a processor write together. */
import { expect, test } from "bun:test";
import { markedPage, replaceMarked, splitMarked } from "../src/marked-block.ts";

const page = (block: string) => markedPage("# Ada\n\n", block);

test("a page that nobody touched is written anew as a whole", () => {
  expect(splitMarked(page("one"))?.isUntouched).toBe(true);
  expect(replaceMarked(page("one"), page("two"))).toBe(page("two"));
  const renamed = markedPage("# Ada Lovelace\n\n", "two");
  expect(replaceMarked(page("one"), renamed)).toBe(renamed);
});

test("what somebody wrote around the block stays, run after run, to the byte", () => {
  const edited = `---\ntags: [x]\n---\n${page("one")}\nMy own words.\r\n`;
  const second = replaceMarked(edited, page("two")) ?? "";
  expect(second.replace(/%% kc:begin [^]*%% kc:end %%/, "")).toBe(
    edited.replace(/%% kc:begin [^]*%% kc:end %%/, ""),
  );
  expect(second).toContain("\ntwo\n");
  expect(second).not.toContain("\none\n");
  const third = replaceMarked(second, page("three")) ?? "";
  expect(third).toContain("My own words.\r\n");
  expect(third).toContain("\nthree\n");
});

test("a page without exactly one block has none to replace", () => {
  expect(replaceMarked("# Mine\n", page("two"))).toBeNull();
  expect(replaceMarked(page("one") + page("one"), page("two"))).toBeNull();
  expect(replaceMarked("%% kc:end %%\n%% kc:begin 000000000000 x %%\n", page("two"))).toBeNull();
});
