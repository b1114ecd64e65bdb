/** The selected job's files: what runs now with its progress, then one page of all steps. Pure. */
import type { LiveView, StepRow } from "@knowledge-chipper/core/reading";
import type { Panel } from "../rows/frame.ts";
import { itemMarks } from "../rows/marks.ts";
import { fit, fitMiddle, fitRight, row, span, textRow, type Row, type Size } from "../rows/row.ts";
import { bar, bytesText, clockText, percentText, tookText } from "../rows/units.ts";
import { doneItems, isActive, selectedJob, type Dashboard } from "../state/dashboard.ts";

/** Wide enough to say why, too. */
const WIDE = 90;
const STATE = 13;

export function itemsPanel(state: Dashboard, size: Size): Panel {
  const job = selectedJob(state);
  if (job === null) return { title: [span("Items")], rows: [textRow(" no job selected", "dim")] };
  const running = runningRows(state, size);
  const shown = state.pane === "items" ? state.steps.at : -1;
  const { filter, rows, next, trail } = state.steps;
  const steps =
    rows === null
      ? [textRow("  reading …", "dim")]
      : rows.length === 0
        ? [textRow(filter === "all" ? "  nothing here" : `  no item is ${filter}`, "dim")]
        : rows
            .slice(0, stepRoom(state, size))
            .map((step, index) => stepRow(step, size.width, index === shown));
  const pages = `${trail.length > 1 ? "← " : ""}page ${trail.length}${next === null ? "" : " →"}`;
  return {
    title: [span("Items of "), span(fitMiddle(job.name, 30).trimEnd(), "strong")],
    aside: [
      ...(filter === "all" ? [] : [span(`only ${filter} · `, "accent")]),
      span(`${doneItems(job)} of ${job.items.total}`),
    ],
    rows: [...running, headRow(size.width), ...steps],
    ...(trail.length > 1 || next !== null ? { foot: [span(pages, "dim")] } : {}),
  };
}

/** Steps that fit below what runs now: the size of a page. */
export function stepRoom(state: Dashboard, size: Size): number {
  return Math.max(1, size.height - 1 - runningRows(state, size).length);
}

/** At most a third of the pane; the longest first, for those are what one waits for. */
function runningRows(state: Dashboard, { width, height }: Size): Row[] {
  const { live, jobId, mostRunning } = state;
  const job = selectedJob(state);
  if (live === null || live.job.id !== jobId || job === null || !isActive(job)) return [];
  const room = Math.min(Math.max(1, Math.floor(height / 3)), mostRunning);
  const rows = live.running
    .toSorted((a, b) => b.forMs - a.forMs)
    .slice(0, room)
    .map((step) => runningRow(step, width));
  return [...rows, ...Array<Row>(room - rows.length).fill(row())];
}

function runningRow(step: LiveView["running"][number], width: number): Row {
  const stage = Math.min(12, Math.floor(width / 6));
  const message =
    width >= WIDE
      ? fit(
          `${step.slow ? "slow; " : ""}${step.message ?? ""}`,
          Math.floor((width - WIDE) / 2) + 16,
        )
      : "";
  const room = width - stage - STATE - 24 - message.length;
  return row(
    span(" ▶ ", "accent"),
    span(fitMiddle(step.item ?? "(whole job)", room), "strong"),
    span(` ${fit(step.stage, stage)} `),
    span(`${bar(step.fraction, STATE - 5)}${fitRight(percentText(step.fraction), 5)}`, "accent"),
    span(fitRight(clockText(step.forMs), 8)),
    span(fitRight(step.rssBytes === 0 ? "" : bytesText(step.rssBytes), 9), "dim"),
    span(message === "" ? "" : ` ${message}`, "dim"),
  );
}

function columnsOf(width: number): { file: number; stage: number; note: number } {
  const stage = Math.min(12, Math.floor(width / 6));
  const free = width - 3 - stage - STATE - 2 - 6 - 10;
  const note = width >= WIDE ? Math.floor(free * 0.35) : 0;
  return { file: free - note - (note > 0 ? 1 : 0), stage, note };
}

function headRow(width: number): Row {
  const { file, stage, note } = columnsOf(width);
  const text = `   ${fit("file", file)} ${fit("stage", stage)} ${fit("state", STATE)}${fitRight("tries", 6)}${fitRight("took", 9)} ${note > 0 ? ` ${fit("note", note)}` : ""}`;
  return textRow(text, "dim");
}

function stepRow(step: StepRow, width: number, selected: boolean): Row {
  const { file, stage, note } = columnsOf(width);
  const { sign, tone } = itemMarks[step.state];
  const started = step.attempts.started;
  const took = step.durationMs === null ? "" : tookText(step.durationMs);
  return {
    spans: [
      span(`${selected ? "▸" : " "}${sign} `, selected ? "plain" : tone),
      span(fitMiddle(step.item ?? "(whole job)", file)),
      span(` ${fit(step.stage, stage)} `, selected ? "plain" : "dim"),
      span(fit(step.state, STATE), selected || tone === "good" ? "plain" : tone),
      span(fitRight(started === 0 ? "" : String(started), 6)),
      span(fitRight(took, 9)),
      span(" "),
      ...(note > 0 ? [span(` ${fit(noteOf(step), note)}`, selected ? "plain" : "dim")] : []),
    ],
    selected,
  };
}

function noteOf({ error, artifacts }: StepRow): string {
  if (error !== null) return error.message;
  return artifacts.map(({ relativePath }) => relativePath).join(", ");
}
