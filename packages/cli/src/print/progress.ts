/** The progress bar of a run: on a terminal, and nowhere else. I/O. */
import type { Control, LiveView } from "@knowledge-chipper/core/reading";
import { printable } from "@knowledge-chipper/core/reading";
import type { SingleBar } from "cli-progress";
import type { GlobalFlags } from "../global-flags.ts";
import { heldText } from "./memory.ts";
import { bytesText, durationText } from "./style.ts";

export interface Progress {
  close(): void;
}

const EVERY_MS = 250;

export function openProgress(control: Control, jobId: string, flags: GlobalFlags): Progress {
  const wanted = process.stderr.isTTY && flags.quiet !== true && flags.json !== true;
  if (!wanted) return { close() {} };
  const begun = performance.now();
  let bar: SingleBar | null = null;
  let closed = false;
  let doneAtStart: number | null = null;

  const draw = async () => {
    const view = await control.live(jobId).catch(() => null);
    if (view === null || closed) return;
    bar ??= await openBar(view.job.items.total);
    if (closed) return bar.stop();
    const done = doneOf(view);
    doneAtStart ??= done;
    bar.update(done, payload(view, done - doneAtStart, performance.now() - begun));
  };
  const timer = setInterval(() => void draw(), EVERY_MS);
  void draw();
  return {
    close() {
      closed = true;
      clearInterval(timer);
      bar?.stop();
    },
  };
}

async function openBar(total: number): Promise<SingleBar> {
  const { SingleBar: Bar, Presets } = (await import("cli-progress")).default;
  const bar = new Bar(
    {
      stream: process.stderr,
      format: "{bar} {value}/{total}  {rate}  {left}  {memory}{crashes}  {now}",
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
      linewrap: false,
      gracefulExit: false,
    },
    Presets.rect,
  );
  bar.start(Math.max(1, total), 0, payload(null, 0, 0));
  return bar;
}

function doneOf({ job }: LiveView): number {
  const { completed, failed, quarantined, skipped, cancelled } = job.items;
  return completed + failed + quarantined + skipped + cancelled;
}

function payload(view: LiveView | null, done: number, ms: number): Record<string, string> {
  if (view === null) return { rate: "", left: "", memory: "", crashes: "", now: "" };
  const perMs = ms > 0 ? done / ms : 0;
  const open = view.job.items.total - doneOf(view);
  const [first] = view.running;
  const crashes = view.job.crashes;
  return {
    rate: perMs > 0 ? `${(perMs * 60_000).toFixed(perMs * 60_000 < 10 ? 1 : 0)}/min` : "–/min",
    left: perMs > 0 && done >= 2 && open > 0 ? `${durationText(open / perMs)} left` : "",
    memory: bytesText(view.workerBytes),
    crashes: crashes === 0 ? "" : `  ${crashes} crash${crashes === 1 ? "" : "es"}`,
    now:
      first === undefined
        ? stateText(view)
        : `${heldText(view.memory)}${first.stage} ${printable(first.item ?? "all")} ${percent(first.fraction)}`,
  };
}

function stateText({ job }: LiveView): string {
  return job.state === "running"
    ? ""
    : `${job.state}${job.reason === null ? "" : `: ${printable(job.reason)}`}`;
}

function percent(fraction: number): string {
  return fraction === 0 ? "" : `${Math.round(fraction * 100)}%`;
}
