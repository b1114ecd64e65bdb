import { expect, test } from "bun:test";
import { row, span } from "../src/rows/row.ts";
import { toTags } from "../src/screen/to-tags.ts";

test("braces of a name can open no tag", () => {
  expect(toTags([row(span("{bold}x{/bold} {escape}", "bad"))], true)).toBe(
    "{red-fg}{open}bold{close}x{open}/bold{close} {open}escape{close}{/red-fg}",
  );
});

test("without colour weight and exchange of colours remain", () => {
  const line = row(span("a", "good"), span("b", "strong"), { ...span("c"), inverse: true });
  expect(toTags([line], false)).toBe("a{bold}b{/bold}{inverse}c{/inverse}");
});
