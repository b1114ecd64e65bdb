/** Dialogs: recovery of a job that waits, and the question before anything that cannot be taken back. Pure. */
import type { Job } from "@knowledge-chipper/core/reading";
import type { Panel } from "../rows/frame.ts";
import { fitMiddle, row, span, textRow, type Row } from "../rows/row.ts";
import { bar, percentText, plural, timeText } from "../rows/units.ts";
import {
  doneItems,
  isRecoverable,
  jobById,
  type Dashboard,
  type Dialog,
} from "../state/dashboard.ts";

export const recoveryChoices = [
  {
    id: "resume",
    label: "Resume (recommended)",
    help: (job: Job) => `goes on with the ${plural(openItems(job), "file")} left`,
  },
  { id: "restart", label: "Restart", help: () => "every file again, from the first" },
  { id: "delete", label: "Delete", help: () => "forgets the job; files it wrote stay" },
] as const;

export function recoveryPanel(
  state: Dashboard,
  dialog: Dialog & { d: "recovery" },
  width: number,
): Panel {
  const job = jobById(state, dialog.jobId);
  if (job === null)
    return { title: [span("Recovery")], rows: [textRow(" the job is gone", "dim")] };
  const waiting = (state.jobs ?? []).filter(isRecoverable);
  const place = waiting.findIndex(({ id }) => id === job.id) + 1;
  const done = doneItems(job);
  const share = job.items.total === 0 ? 0 : done / job.items.total;
  const facts: [string, string][] = [
    [
      "done",
      `${bar(share, 12)} ${percentText(share)}   ${done} of ${plural(job.items.total, "file")}`,
    ],
    ["pipeline", job.stages.map(({ processor }) => processor.name).join(" ▸ ")],
    ["since", timeText(job.updatedAt, state.now)],
    ...(job.reason === null ? [] : ([["reason", job.reason]] as [string, string][])),
    ["results", fitMiddle(job.outDir, Math.max(10, width - 13)).trimEnd()],
  ];
  return {
    title: [
      span(
        `${fitMiddle(job.name, 30).trimEnd()} ${job.state === "paused" ? "is paused" : "was interrupted"}`,
        "strong",
      ),
    ],
    ...(waiting.length > 1 && place > 0
      ? { aside: [span(`${place} of ${waiting.length} waiting`)] }
      : {}),
    rows: [
      row(),
      ...facts.map(([name, text]) => row(span(`   ${name.padEnd(9)}`, "dim"), span(text))),
      row(),
      ...recoveryChoices.map(({ label, help }, index) => ({
        spans: [
          span(` ${index === dialog.choice ? "▸" : " "} ${label.padEnd(22)}`),
          span(help(job), index === dialog.choice ? "plain" : "dim"),
        ],
        selected: index === dialog.choice,
      })),
      row(),
    ],
  };
}

export function confirmPanel(state: Dashboard, dialog: Dialog & { d: "confirm" }): Panel {
  const job = jobById(state, dialog.jobId);
  const name = fitMiddle(job?.name ?? dialog.jobId, 30).trimEnd();
  const done = job === null ? 0 : doneItems(job);
  const lines =
    dialog.ask === "restart"
      ? [
          `Restart ${name} from the first file?`,
          `${plural(done, "finished file")} will be processed again.`,
        ]
      : [`Delete ${name}?`, "Its progress is forgotten for good; files it wrote stay."];
  return {
    title: [span(dialog.ask === "restart" ? "Restart" : "Delete", "strong")],
    rows: [
      row(),
      ...lines.map((line) => textRow(`  ${line}`)),
      row(),
      answerRow(dialog.yes),
      row(),
    ],
  };
}

function answerRow(yes: boolean): Row {
  const answer = (text: string, chosen: boolean) => ({
    ...span(text, chosen ? "strong" : "dim"),
    inverse: chosen,
  });
  return row(span("  "), answer("  No  ", !yes), span("   "), answer("  Yes  ", yes));
}

function openItems(job: Job): number {
  return job.items.total - doneItems(job);
}
