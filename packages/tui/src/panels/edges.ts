/** The line above the panes and the line below them. Pure. */
import type { JobState } from "@knowledge-chipper/core/reading";
import { entriesOf, type KeyEntry } from "../keys/key-table.ts";
import { apart, fitRow, span, widthOf, type Row, type Span } from "../rows/row.ts";
import { bytesText, plural, timeText } from "../rows/units.ts";
import type { Dashboard } from "../state/dashboard.ts";

export function headerRow(state: Dashboard): Row {
  const { width } = state.size;
  const name = [span(" KC ", "accent"), span(" ")];
  const clock = span(` ${timeText(state.now, state.now)} `, "dim");
  if (state.link.s !== "up") {
    const since = timeText(state.link.since, state.now);
    const text =
      state.link.s === "lost"
        ? `connection lost at ${since}: this is the last picture, the work may go on`
        : `nobody holds this home since ${since}, nothing runs; s or r goes on`;
    return apart([...name, span(text, state.link.s === "lost" ? "bad" : "plain")], [clock], width);
  }
  const { live } = state;
  const workers =
    live === null || live.workers.length === 0
      ? []
      : [span(`${plural(live.workers.length, "worker")} ${bytesText(live.workerBytes)}  `)];
  return apart([...name, ...jobCounts(state)], [...workers, clock], width);
}

function jobCounts({ jobs }: Dashboard): Span[] {
  if (jobs === null) return [span("connecting …", "dim")];
  const count = (...states: JobState[]) =>
    jobs.filter(({ state }) => states.includes(state)).length;
  const waiting = count("interrupted", "paused");
  const running = count("running", "draining", "planned");
  return [
    span(
      running === 0 ? "nothing runs" : `${plural(running, "job")} running`,
      running === 0 ? "dim" : "plain",
    ),
    ...(waiting === 0
      ? []
      : [
          span("  ·  ", "dim"),
          span(`${plural(waiting, "job")} ${waiting === 1 ? "waits" : "wait"} for you`, "bad"),
        ]),
  ];
}

/** The keys that would do something now, or what was just done. */
export function footerRow(state: Dashboard): Row {
  const { width } = state.size;
  if (state.notice !== null)
    return fitRow({ spans: [span(` ${state.notice.text}`, state.notice.tone)] }, width);
  const entries: readonly KeyEntry[] = entriesOf(state.dialog?.d ?? "main").filter(
    (entry: KeyEntry) => entry.footer === true && entry.when?.(state) !== false,
  );
  const last = entries.slice(-2);
  const kept: Span[][] = [];
  // The way out and the help always fit; the rest gives way from the right.
  let room = width - widthOf(last.flatMap(keySpans));
  for (const entry of entries.slice(0, -2)) {
    const spans = keySpans(entry);
    room -= widthOf(spans);
    if (room >= 0) kept.push(spans);
  }
  return fitRow({ spans: [...kept.flat(), ...last.flatMap(keySpans)] }, width);
}

function keySpans({ shown, label }: KeyEntry): Span[] {
  return [span(` ${shown}`, "accent"), span(` ${label} `)];
}
