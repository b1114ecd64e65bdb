/** The problems of the selected job: which file, what happened, what became of it. Pure. */
import type { ProblemRow } from "@knowledge-chipper/core/reading";
import type { Panel } from "../rows/frame.ts";
import { itemMarks } from "../rows/marks.ts";
import { fit, fitMiddle, span, textRow, type Row, type Size } from "../rows/row.ts";
import type { Dashboard } from "../state/dashboard.ts";

export function problemsPanel({ problems, pane }: Dashboard, size: Size): Panel {
  const { rows, at } = problems;
  if (rows.length === 0) {
    return { title: [span("Problems")], rows: [textRow(" none", "dim")] };
  }
  const from = Math.max(0, Math.min(at - size.height + 1, rows.length - size.height));
  return {
    title: [span("Problems"), span(` ${rows.length}`, "dim")],
    rows: rows
      .slice(from, from + size.height)
      .map((problem, index) =>
        problemRow(problem, size.width, pane === "problems" && from + index === at),
      ),
  };
}

function problemRow(problem: ProblemRow, width: number, selected: boolean): Row {
  const { sign, tone } = itemMarks[problem.state];
  const file = Math.max(12, Math.floor(width * 0.32));
  const became = problem.state === "completed" ? "later completed: " : "";
  return {
    spans: [
      span(`${selected ? "▸" : " "}${sign} `, selected ? "plain" : tone),
      span(fitMiddle(problem.item ?? "(whole job)", file), selected ? "plain" : "strong"),
      span(" "),
      span(
        fit(`${problem.stage}: ${became}${problem.error.message}`, width - file - 4),
        selected ? "plain" : problem.state === "completed" ? "dim" : "plain",
      ),
    ],
    selected,
  };
}
