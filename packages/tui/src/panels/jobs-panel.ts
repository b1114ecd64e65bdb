/** The jobs, newest first; the selected one opens to its counts and what it waits for. Pure. */
import { itemStates, type Job } from "@knowledge-chipper/core/reading";
import type { Panel } from "../rows/frame.ts";
import { itemMarks, jobMarks, jobStateText } from "../rows/marks.ts";
import {
  apart,
  fit,
  fitMiddle,
  fitRight,
  row,
  span,
  textRow,
  type Row,
  type Size,
} from "../rows/row.ts";
import { aboutText, bar, percentText, plural } from "../rows/units.ts";
import { doneItems, isActive, jobById, type Dashboard } from "../state/dashboard.ts";
import { timeLeft } from "../state/pace.ts";

const BAR = 10;
/** Less than this is over before it is read. */
const SOON_MS = 5_000;

export function jobsPanel(state: Dashboard, size: Size): Panel {
  const { jobs } = state;
  if (jobs === null) return { title: [span("Jobs")], rows: [textRow(" reading …", "dim")] };
  if (jobs.length === 0) {
    return {
      title: [span("Jobs")],
      rows: [row(), textRow(" No job yet."), textRow(" kc run PATH...  starts one.", "dim")],
    };
  }
  const groups = jobs.map((job) => {
    const fresh = jobById(state, job.id) ?? job;
    const selected = job.id === state.jobId;
    return selected
      ? [jobRow(fresh, size.width, true), ...detailRows(state, fresh, size.width)]
      : [jobRow(fresh, size.width, false)];
  });
  const at = Math.max(
    0,
    jobs.findIndex(({ id }) => id === state.jobId),
  );
  return {
    title: [span("Jobs"), span(` ${jobs.length}`, "dim")],
    rows: visible(groups, at, size.height),
  };
}

/** So many groups before the selected one that it is whole on the screen. */
function visible(groups: readonly (readonly Row[])[], at: number, height: number): Row[] {
  let room = height - (groups[at]?.length ?? 0) - (at + 1 < groups.length ? 1 : 0);
  let from = at;
  while (from > 0 && room >= 1) {
    from -= 1;
    room -= 1;
  }
  return groups.slice(from).flat().slice(0, height);
}

function jobRow(job: Job, width: number, selected: boolean): Row {
  const { sign, tone } = jobMarks[job.state];
  const share = job.items.total === 0 ? 0 : doneItems(job) / job.items.total;
  const room = Math.max(8, width - BAR - 10);
  return {
    spans: [
      span(`${selected ? "▸" : " "}${sign} `, selected ? "strong" : tone),
      span(fitMiddle(job.name, room), selected ? "strong" : "plain"),
      span(" "),
      span(bar(share, BAR), selected ? "plain" : job.state === "completed" ? "good" : "plain"),
      span(fitRight(percentText(share), 5)),
      span(" "),
    ],
    selected,
  };
}

function detailRows(state: Dashboard, job: Job, width: number): Row[] {
  const left = isActive(job)
    ? timeLeft(state.pace, job.id, job.items.total - doneItems(job), state.now)
    : null;
  const now = [
    jobStateText(job),
    ...(left === null || left < SOON_MS ? [] : [`about ${aboutText(left)} left`]),
    ...(job.crashes === 0 ? [] : [plural(job.crashes, "crash", "crashes")]),
  ].join(" · ");
  const counts = itemStates
    .filter((one) => job.items[one] > 0)
    .map((one) => span(`${itemMarks[one].sign} ${job.items[one]}  `, itemMarks[one].tone));
  const rows = [
    row(span(fit(`   ${now}`, width), jobMarks[job.state].tone === "bad" ? "bad" : "plain")),
    apart([span("   "), ...counts], [span(`of ${job.items.total} `, "dim")], width),
  ];
  if (job.reason === null || job.state === "completed") return rows;
  return [...rows, row(span(fit(`   ${job.reason}`, width), "dim"))];
}
