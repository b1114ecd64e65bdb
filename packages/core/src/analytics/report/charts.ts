/** The charts of a report as SVG, drawn without a browser. Shared, pure. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Report, TrendRow } from "./report.ts";

export interface Chart {
  readonly title: string;
  /** What it shows in words, for those who do not see it. */
  readonly summary: string;
  readonly svg: string;
}

const WIDTH = 720;
const HEIGHT = 200;
const MB = 1024 ** 2;

/** Nothing for a report in which nothing happened. */
export function chartsOf({ trend, times }: Report): Chart[] {
  const points = trend.map((row) => ({ ...row, x1: new Date(row.from), x2: new Date(row.to) }));
  const total = (key: "itemsCompleted" | "crashes" | "errors") =>
    trend.reduce((sum, row) => sum + row[key], 0);
  const charts: Chart[] = [];
  if (total("itemsCompleted") > 0) {
    charts.push({
      title: "Items completed",
      summary: `${total("itemsCompleted")} items, at most ${most(trend, "itemsCompleted")} in one bar`,
      svg: draw({
        y: { label: "items", grid: true },
        marks: [bars(points, "itemsCompleted", "#2a7f62"), Plot.ruleY([0])],
      }),
    });
  }
  const highest = Math.max(...trend.map(({ crashes, errors }) => crashes + errors));
  if (highest > 0) {
    charts.push({
      title: "Crashes and errors",
      summary: `${total("crashes")} crashes of workers, ${total("errors")} errors of processors`,
      svg: draw({
        // One crash has no tenths.
        y: { label: "crashes (dark), errors (light)", grid: true, ticks: Math.min(5, highest) },
        marks: [
          bars(
            points.map((row) => ({ ...row, both: row.crashes + row.errors })),
            "both",
            "#e0a899",
          ),
          bars(points, "crashes", "#a3341c"),
          Plot.ruleY([0]),
        ],
      }),
    });
  }
  if (trend.some(({ workerBytesPeak }) => workerBytesPeak > 0)) {
    const memory = points.map((row) => ({ ...row, megabytes: row.workerBytesPeak / MB }));
    charts.push({
      title: "Memory of all workers",
      summary: `at most ${Math.round(most(trend, "workerBytesPeak") / MB)} MB`,
      svg: draw({
        y: { label: "MB", grid: true },
        marks: [bars(memory, "megabytes", "#35608a"), Plot.ruleY([0])],
      }),
    });
  }
  const stages = Object.entries(times.stages).map(([stage, each]) => ({
    stage,
    p50: each.p50 / 1_000,
    p95: each.p95 / 1_000,
  }));
  if (stages.length > 0) {
    charts.push({
      title: "Time of a step",
      summary: stages
        .map(
          ({ stage, p50, p95 }) =>
            `${stage}: half within ${p50.toFixed(2)} s, 19 of 20 within ${p95.toFixed(2)} s`,
        )
        .join("; "),
      svg: draw({
        height: 50 + 34 * stages.length,
        marginLeft: 110,
        x: { label: "seconds", grid: true },
        y: { label: null },
        marks: [
          Plot.barX(stages, { y: "stage", x: "p95", fill: "#b9cbdd" }),
          Plot.barX(stages, { y: "stage", x: "p50", fill: "#35608a" }),
          Plot.ruleX([0]),
        ],
      }),
    });
  }
  return charts;
}

function bars<Row extends { x1: Date; x2: Date }>(rows: Row[], y: string, fill: string) {
  return Plot.rectY(rows, { x1: "x1", x2: "x2", y, fill });
}

function draw(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><body></body>");
  const svg = Plot.plot({
    // linkedom is as much of a document as Plot needs, without the types of a browser.
    document: document as never,
    width: WIDTH,
    height: HEIGHT,
    x: { type: "utc", label: null },
    style: { background: "none", fontSize: "12px" },
    ...options,
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("aria-hidden", "true");
  return svg.outerHTML;
}

function most(trend: readonly TrendRow[], key: "itemsCompleted" | "workerBytesPeak"): number {
  return Math.max(...trend.map((row) => row[key]));
}
