/** A pane's rows inside a titled frame, and where on the screen they lie. Shared, pure. */
import { fitRow, row, span, widthOf, type Row, type Size, type Span } from "./row.ts";

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a panel makes: its rows, and what its frame says. */
export interface Panel {
  readonly title: readonly Span[];
  /** At the right end of the title. */
  readonly aside?: readonly Span[];
  readonly rows: readonly Row[];
  /** In the lower edge. */
  readonly foot?: readonly Span[];
}

/** Room that a frame leaves inside. */
export function inside({ width, height }: Size): Size {
  return { width: Math.max(0, width - 2), height: Math.max(0, height - 2) };
}

export function framed(panel: Panel, size: Size, isFocused = false): Row[] {
  const { width, height } = inside(size);
  const edge = (text: string): Span => span(text, isFocused ? "accent" : "dim");
  const rows: Row[] = [border("┌", "┐", panel.title, panel.aside ?? [])];
  for (let n = 0; n < height; n += 1) {
    const line = panel.rows[n] ?? row();
    rows.push(row(edge("│"), ...inverted(fitRow(line, width)), edge("│")));
  }
  return [...rows, border("└", "┘", panel.foot ?? [], [])];

  function border(from: string, to: string, left: readonly Span[], right: readonly Span[]): Row {
    const parts = (spans: readonly Span[]) =>
      spans.length === 0 ? [] : [span(" "), ...spans, span(" ")];
    const shownRight = widthOf(left) + widthOf(right) + 6 <= width ? parts(right) : [];
    const room = width - widthOf(shownRight) - 1;
    const shownLeft =
      widthOf(parts(left)) <= room ? parts(left) : fitRow(row(...parts(left)), room).spans;
    const between = "─".repeat(Math.max(0, width - widthOf(shownLeft) - widthOf(shownRight)));
    return row(edge(from), ...shownLeft, edge(between), ...shownRight, edge(to));
  }
}

/** Inside a frame only the line itself is inverse, not its edges. */
function inverted(line: Row): readonly Span[] {
  return line.selected === true
    ? line.spans.map((part) => ({ ...part, inverse: true }))
    : line.spans;
}
