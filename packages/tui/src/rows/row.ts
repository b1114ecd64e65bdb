/** What a panel hands over: lines of toned text, exactly as wide as asked for, safe on any terminal. Shared, pure. */
import { cellsOf, drawable } from "./drawable.ts";

/** One colour for what we point at, one for done, one for trouble; everything reads without them. */
export type Tone = "plain" | "dim" | "strong" | "accent" | "good" | "bad";

export interface Span {
  readonly text: string;
  readonly tone: Tone;
  /** Drawn in exchanged colours. */
  readonly inverse?: boolean;
}

export interface Row {
  readonly spans: readonly Span[];
  /** The line the keys act on. */
  readonly selected?: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Any text, made safe. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text: drawable(text), tone };
}

export function row(...spans: readonly Span[]): Row {
  return { spans };
}

export function textRow(text: string, tone: Tone = "plain"): Row {
  return row(span(text, tone));
}

export function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + cellsOf(text), 0);
}

/** Cut with an ellipsis or filled with blanks, to exactly `width` cells. */
export function fitRow(line: Row, width: number): Row {
  const spans: Span[] = [];
  let left = width;
  for (const part of line.spans) {
    const cells = cellsOf(part.text);
    if (cells <= left) {
      spans.push(part);
      left -= cells;
      continue;
    }
    if (left > 0) spans.push({ ...part, text: fit(part.text, left) });
    left = 0;
    break;
  }
  if (left > 0) spans.push({ text: " ".repeat(left), tone: "plain" });
  return { ...line, spans };
}

/** One row with something at its right end; the left part gives way. */
export function apart(left: readonly Span[], right: readonly Span[], width: number): Row {
  const room = Math.max(0, width - widthOf(right));
  return fitRow({ spans: [...fitRow({ spans: left }, room).spans, ...right] }, width);
}

/** Text in exactly `width` cells: the end is cut. */
export function fit(text: string, width: number): string {
  const safe = drawable(text);
  const cells = cellsOf(safe);
  if (cells <= width) return safe + " ".repeat(width - cells);
  if (width <= 0) return "";
  return pad(`${take(safe, width - 1)}…`, width);
}

/** Text in exactly `width` cells, at the right. */
export function fitRight(text: string, width: number): string {
  const safe = drawable(text);
  const cells = cellsOf(safe);
  return cells <= width ? " ".repeat(width - cells) + safe : fit(safe, width);
}

/** A file name in exactly `width` cells: the middle is cut, so that its beginning and its extension stay. */
export function fitMiddle(text: string, width: number): string {
  const safe = drawable(text);
  if (cellsOf(safe) <= width) return pad(safe, width);
  if (width < 8) return fit(safe, width);
  const tail = Math.min(12, Math.floor((width - 1) / 3));
  const head = width - 1 - tail;
  return pad(`${take(safe, head)}…${takeEnd(safe, tail)}`, width);
}

/** Lines of at most `width` cells, broken at blanks where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of drawable(text).split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (cellsOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    let rest = word;
    while (cellsOf(rest) > width) {
      const part = take(rest, width);
      if (part === "") return lines;
      lines.push(part);
      rest = rest.slice(part.length);
    }
    line = rest;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - cellsOf(text)));
}

function take(text: string, width: number): string {
  let taken = "";
  let cells = 0;
  for (const character of text) {
    const wide = cellsOf(character);
    if (cells + wide > width) break;
    taken += character;
    cells += wide;
  }
  return taken;
}

function takeEnd(text: string, width: number): string {
  let taken = "";
  let cells = 0;
  for (const character of [...text].toReversed()) {
    const wide = cellsOf(character);
    if (cells + wide > width) break;
    taken = character + taken;
    cells += wide;
  }
  return taken;
}
