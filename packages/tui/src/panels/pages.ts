/** Longer texts over the panes: the help, and everything known of one step. Pure. */
import type { ProblemRow, StepRow } from "@knowledge-chipper/core/reading";
import { entriesOf, type KeyEntry } from "../keys/key-table.ts";
import type { Panel } from "../rows/frame.ts";
import { itemMarks } from "../rows/marks.ts";
import { fitMiddle, row, span, textRow, wrap, type Row, type Size } from "../rows/row.ts";
import { bytesText, plural, timeText, tookText } from "../rows/units.ts";
import type { Dialog } from "../state/dashboard.ts";

export type Page = Dialog & { d: "details" | "help" };

export function pagePanel(page: Page, size: Size, now: number): Panel {
  const rows = pageRows(page, size.width, now);
  const from = Math.min(page.at, mostScroll(page, size, now));
  const more = rows.length - from - size.height;
  const title =
    page.d === "help" ? "Keys" : fitMiddle(page.step.item ?? "(whole job)", 44).trimEnd();
  return {
    title: [span(title, "strong")],
    rows: rows.slice(from, from + size.height),
    ...(more > 0 ? { foot: [span(`↓ ${plural(more, "more line")}`, "dim")] } : {}),
  };
}

/** Lines that a page can be moved up until its last one shows. */
export function mostScroll(page: Page, { width, height }: Size, now: number): number {
  return Math.max(0, pageRows(page, width, now).length - height);
}

function pageRows(page: Page, width: number, now: number): Row[] {
  return page.d === "help" ? helpRows(width) : detailRows(page.step, width - 4, now);
}

function helpRows(width: number): Row[] {
  const entries = entriesOf("main").filter(({ help }: KeyEntry) => help !== "");
  const rows = entries.flatMap(({ shown, help }: KeyEntry) =>
    wrap(help, width - 10).map((line, index) =>
      row(span(`  ${(index === 0 ? shown : "").padEnd(6)}`, "accent"), span(line)),
    ),
  );
  const signs = Object.entries(itemMarks).map(([state, { sign, tone }]) => [
    span(` ${sign} `, tone),
    span(state.padEnd(12), "dim"),
  ]);
  const half = signs.length / 2;
  return [
    ...rows,
    row(),
    row(span(" "), ...signs.slice(0, half).flat()),
    row(span(" "), ...signs.slice(half).flat()),
  ];
}

function detailRows(step: StepRow | ProblemRow, width: number, now: number): Row[] {
  const { started, failed, crashed } = step.attempts;
  const { sign, tone } = itemMarks[step.state];
  const tries = `  in ${step.stage}, ${plural(started, "attempt")}: ${failed} failed, ${crashed} crashed`;
  const results = "artifacts" in step ? step.artifacts : [];
  return [
    row(span(`  ${sign} ${step.state}`, tone), span(tries)),
    ...block("what happened", step.error === null ? [] : wrap(step.error.message, width)),
    ...block(
      "what to do",
      advice(step).flatMap((line) => wrap(line, width)),
    ),
    ...block(
      "results",
      results.map(
        ({ path, bytes }) =>
          `${fitMiddle(path, Math.max(10, width - 10)).trimEnd()}  ${bytesText(bytes)}`,
      ),
    ),
    ...crashRows(step, width, now),
  ];
}

function crashRows({ dossier }: StepRow | ProblemRow, width: number, now: number): Row[] {
  if (dossier === null) return [];
  const { crash, at } = dossier;
  const end =
    crash.signal ?? (crash.exitCode === null ? "unknown end" : `exit code ${crash.exitCode}`);
  const peak = Math.max(0, ...crash.memory.map(([, bytes]) => bytes));
  return [
    ...block(
      "crash",
      wrap(
        `${end} (${crash.reason}), ${tookText(crash.afterMs)} in, at ${timeText(at, now)}; memory peak ${bytesText(peak)}`,
        width,
      ),
    ),
    ...block(
      "last log",
      crash.lastLog.flatMap((line) => wrap(line, width)),
    ),
  ];
}

function advice({ state }: StepRow | ProblemRow): string[] {
  if (state === "failed" || state === "quarantined")
    return ["r tries the failed files of the job again, when it is over."];
  return state === "retrying" ? ["Nothing: it is tried again by itself."] : [];
}

function block(name: string, lines: readonly string[]): Row[] {
  return lines.length === 0
    ? []
    : [row(), textRow(`  ${name}`, "dim"), ...lines.map((line) => textRow(`  ${line}`))];
}
