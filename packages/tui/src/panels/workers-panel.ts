/** One memory gauge per worker, and what each has in hand. Pure. */
import type { LiveView } from "@knowledge-chipper/core/reading";
import type { Panel } from "../rows/frame.ts";
import { fit, fitMiddle, fitRight, row, span, textRow, type Row, type Size } from "../rows/row.ts";
import { bar, bytesText, percentText } from "../rows/units.ts";
import { isActive, type Dashboard } from "../state/dashboard.ts";

const MB = 1_000_000;
/** Scales of the gauges: the first that holds the largest worker. */
const scales = [125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000].map(
  (mb) => mb * MB,
);

export function workersPanel({ live, jobs }: Dashboard, size: Size): Panel {
  const machine = live?.machine == null ? [] : [machineRow(live.machine, size.width)];
  if (live === null || live.workers.length === 0) {
    const runs = jobs?.some(isActive) === true;
    const none = textRow(runs ? " none at this moment" : " none: nothing runs", "dim");
    return { title: [span("Workers")], rows: [none, ...machine] };
  }
  const { workers } = live;
  const largest = Math.max(...workers.map(({ rssBytes }) => rssBytes));
  const scale = scales.find((bytes) => bytes >= largest) ?? largest;
  const room = size.height - machine.length;
  const shown = workers.slice(0, workers.length > room ? room - 1 : room);
  const hidden = workers.length - shown.length;
  return {
    title: [
      span("Workers"),
      span(` ${workers.length}`, "dim"),
      ...(live.isolation.kind === "thread" ? [span(" no crash protection", "bad")] : []),
    ],
    aside: [span(bytesText(live.workerBytes))],
    rows: [
      ...shown.map((worker) => workerRow(worker, live, scale, size.width)),
      ...(hidden > 0 ? [textRow(` … and ${hidden} more`, "dim")] : []),
      ...machine,
    ],
    foot: [span(`a worker's full bar is ${bytesText(scale)}`, "dim")],
  };
}

function workerRow(
  worker: LiveView["workers"][number],
  { running }: LiveView,
  scale: number,
  width: number,
): Row {
  const step = running.find((one) => one.worker === worker.number);
  const file = step?.item ?? "(whole job)";
  // Where there is little room, the file says more than its stage.
  const busy = width < 50 ? file : `${step?.stage} ${file}`;
  const doing = step === undefined ? worker.state : busy;
  return gauge(`w${worker.number}`, worker.rssBytes, worker.rssBytes / scale, doing, width);
}

function machineRow(machine: NonNullable<LiveView["machine"]>, width: number): Row {
  const { usedBytes, totalBytes, load } = machine;
  const of = `of ${bytesText(totalBytes)}`;
  const rest = width < 50 ? of : `${of}, cpu ${percentText(load)}`;
  return gauge("all", usedBytes, usedBytes / totalBytes, rest, width);
}

function gauge(name: string, bytes: number, share: number, rest: string, width: number): Row {
  const cells = Math.min(16, Math.max(6, Math.floor(width / 4)));
  return row(
    span(` ${fit(name, 4)}`, "strong"),
    span(bar(share, cells), "accent"),
    span(`${fitRight(bytesText(bytes), 8)} `),
    span(fitMiddle(rest, Math.max(0, width - cells - 14)), "dim"),
  );
}
