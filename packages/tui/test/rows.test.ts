import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { framed } from "../src/rows/frame.ts";
import { cellsOf } from "../src/rows/drawable.ts";
import {
  apart,
  fit,
  fitMiddle,
  fitRight,
  fitRow,
  row,
  span,
  textRow,
  wrap,
} from "../src/rows/row.ts";
import { aboutText, bar, bytesText, clockText, percentText, tookText } from "../src/rows/units.ts";
import { cellsOfRow, lineOf, textOf } from "./support/text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 60 });
const anyWidth = fc.integer({ min: 1, max: 80 });

describe("rows", () => {
  test("any text fits any width exactly", () => {
    fc.assert(
      fc.property(anyText, anyWidth, (text, width) => {
        for (const fitted of [fit(text, width), fitMiddle(text, width), fitRight(text, width)]) {
          expect(cellsOf(fitted)).toBe(width);
        }
        expect(cellsOfRow(fitRow(row(span(text), span(text, "bad")), width))).toBe(width);
      }),
    );
  });

  test("a long file name keeps its beginning and its extension", () => {
    expect(fitMiddle("ep-041 Ada Lovelace and the engine.mp3", 24)).toBe(
      "ep-041 Ada Lovel…ine.mp3",
    );
  });

  test("wrapped lines never exceed their width and lose no word", () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), fc.integer({ min: 6, max: 50 }), (text, width) => {
        const lines = wrap(text, width);
        expect(Math.max(...lines.map(cellsOf))).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  test("what stands at the right end stays when the left is too long", () => {
    expect(lineOf(apart([span("a very long beginning")], [span("end")], 12))).toBe("a very l…end");
  });

  test("a frame is as large as asked for, whatever its title", () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.integer({ min: 4, max: 60 }),
        fc.integer({ min: 2, max: 8 }),
        (title, aside, width, height) => {
          const rows = framed(
            { title: [span(title)], aside: [span(aside)], rows: [textRow(title)] },
            { width, height },
          );
          expect(rows).toHaveLength(height);
          for (const line of rows) expect(cellsOfRow(line)).toBe(width);
        },
      ),
    );
  });

  test("a frame has its title in the edge", () => {
    const rows = framed(
      { title: [span("Jobs")], aside: [span("2")], rows: [textRow("one")] },
      { width: 20, height: 3 },
    );
    expect(textOf(rows)).toBe(
      ["┌ Jobs ───────── 2 ┐", "│one               │", "└──────────────────┘"].join("\n"),
    );
  });
});

describe("numbers", () => {
  test("a bar is full only when all is done, and empty only when nothing is", () => {
    expect([0, 0.001, 0.5, 0.999, 1].map((share) => bar(share, 4))).toEqual([
      "░░░░",
      "▓░░░",
      "▓▓░░",
      "▓▓▓░",
      "▓▓▓▓",
    ]);
    expect([0, 0.001, 0.714, 0.999, 1].map(percentText)).toEqual([
      "0%",
      "1%",
      "71%",
      "99%",
      "100%",
    ]);
  });

  test("sizes and times read at a glance", () => {
    expect([950, 49_000_000, 1_250_000_000].map(bytesText)).toEqual(["950 B", "49 MB", "1.3 GB"]);
    expect([4_000, 130_000, 3_730_000].map(clockText)).toEqual(["0:04", "2:10", "1:02:10"]);
    expect([3.2, 4_210, 130_000].map(tookText)).toEqual(["3 ms", "4.2 s", "2:10"]);
    expect([40_000, 660_000, 12_000_000].map(aboutText)).toEqual(["40 s", "11 min", "3 h 20 min"]);
  });
});
