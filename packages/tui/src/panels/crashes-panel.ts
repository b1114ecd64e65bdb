/** The crash chart's heading and figures; the line itself is drawn by the screen. Pure. */
import type { Panel } from "../rows/frame.ts";
import { span } from "../rows/row.ts";
import { plural } from "../rows/units.ts";
import { crashSeries } from "../state/crash-history.ts";
import type { Dashboard } from "../state/dashboard.ts";

export interface Chart {
  readonly labels: readonly string[];
  readonly values: readonly number[];
  /** Top of the axis; a multiple of `steps`. */
  readonly most: number;
  readonly steps: number;
}

const BUCKETS = 30;
const MINUTES = 2;
const STEPS = 4;

export function crashesPanel({ crashes, now }: Dashboard): { panel: Panel; chart: Chart } {
  const series = crashSeries(crashes, now, BUCKETS, MINUTES);
  const peak = Math.max(...series.counts);
  return {
    panel: {
      title: [span("Crashes"), span(` per ${MINUTES} min, last hour`, "dim")],
      aside: [
        series.total === 0
          ? span("none", "good")
          : span(plural(series.total, "crash", "crashes"), "bad"),
      ],
      rows: [],
    },
    chart: {
      labels: series.starts.map(clock),
      values: series.counts,
      most: Math.max(STEPS, Math.ceil(peak / STEPS) * STEPS),
      steps: STEPS,
    },
  };
}

function clock(at: number): string {
  const time = new Date(at);
  return `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}
