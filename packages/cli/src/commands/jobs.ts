/** `kc jobs`: the jobs of the home, newest first. I/O. */
import { printable, type Job } from "@knowledge-chipper/core/reading";
import { attachToRead } from "../attach/attach-to-read.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { isolationField, isolationLines, isolationOf } from "../print/isolation.ts";
import { jobShape } from "../print/shapes.ts";
import { styleFor, type Style } from "../print/style.ts";

export async function jobs(flags: { limit: number }, global: GlobalFlags): Promise<number> {
  const control = await attachToRead(global);
  const list = control === null ? [] : await control.jobs({ limit: flags.limit });
  const [newest] = list;
  const isolation = control && newest ? await isolationOf(control, newest.id) : null;
  await control?.close();
  if (global.json !== true) {
    for (const line of isolationLines(isolation)) process.stderr.write(`${line}\n`);
  }
  const shapes = list.map((job) => ({ ...jobShape(job), ...isolationField(isolation) }));
  process.stdout.write(
    global.json === true
      ? `${JSON.stringify(shapes)}\n`
      : table(list, styleFor(process.stdout, global.color)),
  );
  return 0;
}

function table(list: readonly Job[], style: Style): string {
  if (list.length === 0) return "No jobs yet: kc run PATH... starts one.\n";
  const width = Math.min(32, Math.max(4, ...list.map(({ name }) => printable(name).length)));
  const rows = list.map((job) => {
    const { completed, total, failed, quarantined } = job.items;
    const bad = failed + quarantined;
    return [
      style.bold(job.id),
      cut(printable(job.name), width),
      job.state.replaceAll("_", " ").padEnd(23),
      `${completed}/${total}`.padStart(13),
      bad === 0 ? "" : style.bad(`${bad} bad`),
      style.dim(job.updatedAt.slice(0, 16).replace("T", " ")),
    ].join("  ");
  });
  const head = style.dim(
    `${"job".padEnd(8)}  ${"name".padEnd(width)}  ${"state".padEnd(23)}  ${"done".padStart(13)}`,
  );
  return `${[head, ...rows].join("\n")}\n`;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
