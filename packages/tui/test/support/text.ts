/** Rows and views as text. Pure. */
import { cellsOf } from "../../src/rows/drawable.ts";
import type { Row } from "../../src/rows/row.ts";
import type { View } from "../../src/view.ts";

export function textOf(rows: readonly Row[]): string {
  return rows.map(lineOf).join("\n");
}

export function lineOf({ spans }: Row): string {
  return spans.map(({ text }) => text).join("");
}

/** All blocks, one after the other. */
export function viewText({ blocks }: View): string {
  return blocks.map(({ rows }) => textOf(rows)).join("\n");
}

export function cellsOfRow(row: Row): number {
  return cellsOf(lineOf(row));
}
