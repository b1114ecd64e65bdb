/** Where each pane lies, for a size of screen. Shared, pure. */
import type { Rect } from "./rows/frame.ts";
import type { Size } from "./rows/row.ts";

export interface Layout {
  readonly jobs: Rect;
  readonly items: Rect | null;
  readonly problems: Rect | null;
  readonly workers: Rect;
  readonly chart: Rect | null;
}

export const smallest: Size = { width: 60, height: 16 };

/** Too small for two columns: the chart and the items share a place. */
export function isSmall({ width, height }: Size): boolean {
  return width < 110 || height < 30;
}

/** Between the header line and the footer line. */
export function layOut(
  size: Size,
  wanted: {
    readonly chart: boolean;
    readonly jobs: number;
    readonly workers: number;
    readonly problems: number;
  },
): Layout {
  return isSmall(size) ? stacked(size, wanted) : columns(size, wanted);
}

/** Jobs beside workers; below them the items and the newest problems, or the chart. */
function stacked(
  { width, height }: Size,
  { chart, jobs, workers, problems }: Parameters<typeof layOut>[1],
): Layout {
  const body = height - 2;
  const head = clamp(Math.max(jobs + 5, workers + 4), 7, Math.max(7, Math.floor(body * 0.4)));
  const left = Math.floor(width * 0.58);
  const low =
    problems === 0 || chart ? 0 : Math.min(problems + 2, Math.max(4, Math.floor(body * 0.25)));
  const middle: Rect = { left: 0, top: 1 + head, width, height: body - head - low };
  return {
    jobs: { left: 0, top: 1, width: left, height: head },
    workers: { left, top: 1, width: width - left, height: head },
    items: chart ? null : middle,
    chart: chart ? middle : null,
    problems: low === 0 ? null : { left: 0, top: 1 + body - low, width, height: low },
  };
}

/** What there is on the left: jobs, workers, crashes; the selected job on the right. */
function columns({ width, height }: Size, { workers }: Parameters<typeof layOut>[1]): Layout {
  const body = height - 2;
  const left = clamp(Math.floor(width * 0.38), 44, 72);
  const chart = clamp(Math.floor(body * 0.36), 10, 18);
  const gauges = clamp(workers + 4, 5, Math.floor(body * 0.3));
  const jobs = body - chart - gauges;
  const problems = clamp(Math.floor(body * 0.28), 6, 16);
  return {
    jobs: { left: 0, top: 1, width: left, height: jobs },
    workers: { left: 0, top: 1 + jobs, width: left, height: gauges },
    chart: { left: 0, top: 1 + jobs + gauges, width: left, height: chart },
    items: { left, top: 1, width: width - left, height: body - problems },
    problems: { left, top: 1 + body - problems, width: width - left, height: problems },
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
