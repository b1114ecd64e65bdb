/** One memory gauge per worker, and what each has in hand. Pure. */
import type { LiveView } from "@knowledge-chipper/core";
import type { Panel } from "../rows/frame.ts";
import { fit, fitMiddle, fitRight, row, span, textRow, type Row, type Size } from "../rows/row.ts";
import { bar, bytesText } from "../rows/units.ts";
import { isActive, type Dashboard } from "../state/dashboard.ts";

const MB = 1_000_000;
/** Scales of the gauges: the first that holds the largest worker. */
const scales = [125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000].map(
  (mb) => mb * MB,
);

export function workersPanel({ live, jobs }: Dashboard, size: Size): Panel {
  const runs = jobs?.some(isActive) === true;
  if (live === null || live.workers.length === 0) {
    return {
      title: [span("Workers")],
      rows: [textRow(runs ? " none at this moment" : " none: nothing runs", "dim")],
    };
  }
  const largest = Math.max(...live.workers.map(({ rssBytes }) => rssBytes));
  const scale = scales.find((bytes) => bytes >= largest) ?? largest;
  const most = live.workers.length > size.height ? size.height - 1 : size.height;
  const rows = live.workers.slice(0, most).map((worker) => gauge(worker, live, scale, size.width));
  const hidden = live.workers.length - rows.length;
  return {
    title: [span("Workers"), span(` ${live.workers.length}`, "dim")],
    aside: [span(bytesText(live.workerBytes))],
    rows: hidden > 0 ? [...rows, textRow(` … and ${hidden} more`, "dim")] : rows,
    foot: [span(`a full bar is ${bytesText(scale)}`, "dim")],
  };
}

function gauge(
  worker: LiveView["workers"][number],
  { running }: LiveView,
  scale: number,
  width: number,
): Row {
  const cells = Math.min(16, Math.max(6, Math.floor(width / 4)));
  const step = running.find((one) => one.worker === worker.number);
  const room = Math.max(0, width - cells - 14);
  const file = step?.item ?? "(whole job)";
  // Where there is little room, the file says more than its stage.
  const doing = step === undefined ? worker.state : room < 30 ? file : `${step.stage} ${file}`;
  return row(
    span(` ${fit(`w${worker.number}`, 4)}`, "strong"),
    span(bar(worker.rssBytes / scale, cells), "accent"),
    span(`${fitRight(bytesText(worker.rssBytes), 8)} `),
    span(fitMiddle(doing, room), "dim"),
  );
}
