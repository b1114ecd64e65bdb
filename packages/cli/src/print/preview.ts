/** The plan of a dry run, for people. Pure. */
import { printable, type Preview } from "@knowledge-chipper/core/reading";
import { noticeLines } from "./notices.ts";
import { bytesText } from "./style.ts";

const MOST_LINES = 200;

export function previewText(preview: Preview): string {
  const lines = preview.items.slice(0, MOST_LINES).map((item) => {
    const way =
      item.problem ??
      (item.stages.length === 0 ? `skipped (${item.mimeType})` : item.stages.join(" > "));
    return `  ${printable(item.relativePath)}  ${bytesText(item.bytes)}  ${printable(way)}`;
  });
  const hidden = preview.total - lines.length;
  return [
    `${preview.total} file${preview.total === 1 ? "" : "s"} through ${preview.pipeline.join(", ")} into ${printable(preview.outDir)}`,
    ...lines,
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
    ...noticeLines(preview.notices, preview.missing),
    "Nothing was done (dry run).",
    "",
  ].join("\n");
}
