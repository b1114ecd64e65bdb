/** A report as one HTML file that needs nothing else: charts inline, light, dark and on paper. Shared, pure. */
import type { MetricName } from "../metrics.ts";
import { chartsOf, type Chart } from "./charts.ts";
import type { Report } from "./report.ts";
import {
  countRows,
  healthText,
  metricLabels,
  metricText,
  resourceRows,
  timeRows,
  windowText,
} from "./words.ts";

export function reportAsHtml(report: Report): string {
  const { level, known, reasons } = report.health;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Knowledge Chipper report</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Knowledge Chipper</h1>
<p>${text(windowText(report))}</p>
</header>
<main>
<section class="health ${known ? level : "unknown"}" aria-label="Health">
<strong>Health: ${text(healthText(report))}</strong>
${reasons.map(({ minus, text: why }) => `<p>&minus;${minus}: ${text(why)}</p>`).join("\n")}
</section>
<section class="tiles" aria-label="Figures">
${metricTiles(report)}
</section>
${chartsOf(report).map(figure).join("\n")}
<div class="pair">
${table("Counts", ["what", "how many"], countRows(report))}
${table("Resources", ["what", "how much"], resourceRows(report))}
</div>
${table("Times", ["stage", "steps", "half within", "19 of 20 within", "longest"], timeRows(report))}
${table(
  "Crashes by reason",
  ["reason", "count"],
  Object.entries(report.crashes).map(([reason, count]) => [reason, String(count)]),
)}
${table("Errors, most frequent first", ["count", "stage", "code", "first", "last", "example"], errorRows(report))}
</main>
</body>
</html>
`;
}

function metricTiles({ metrics }: Report): string {
  return (Object.keys(metricLabels) as MetricName[])
    .map((name) => {
      const metric = metrics[name];
      const note = metric.value === null ? ' class="none"' : "";
      return `<div><span>${metricLabels[name]}</span><b${note}>${text(metricText(metric))}</b></div>`;
    })
    .join("\n");
}

function figure({ title, summary, svg }: Chart): string {
  return `<figure role="group" aria-label="${text(`${title}: ${summary}`)}">
<figcaption>${text(title)}<small>${text(summary)}</small></figcaption>
${svg}
</figure>`;
}

function errorRows({ errors }: Report): string[][] {
  return errors.map(({ count, stage, code, first, last, example }) => [
    String(count),
    stage,
    code,
    moment(first),
    moment(last),
    example,
  ]);
}

function moment(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return "";
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${text(cell)}</td>`).join("");
  return `<section>
<h2>${text(title)}</h2>
<table>
<thead><tr>${head.map((cell) => `<th scope="col">${text(cell)}</th>`).join("")}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}
</tbody>
</table>
</section>`;
}

function text(raw: string): string {
  return raw.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6875; --line: #d6dce2; --card: #f4f6f8; --page: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa7b4; --line: #36414d; --card: #1e262f; --page: #14191f } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page) }
header p, small { color: var(--soft) }
h1 { margin: 0; font-size: 1.6rem } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
header p { margin: .2rem 0 1.5rem }
.health { border-left: .4rem solid #2a7f62; background: var(--card); padding: .8rem 1rem }
.health p { margin: .2rem 0 0 } .health strong { font-size: 1.15rem }
.health.warning { border-color: #c98a1b } .health.critical { border-color: #a3341c } .health.unknown { border-color: var(--soft) }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0 }
.tiles div { background: var(--card); padding: .7rem .9rem } .tiles span { display: block; color: var(--soft); font-size: .85rem }
.tiles b { font-size: 1.15rem } .tiles b.none { font-weight: 400; color: var(--soft); font-size: 1rem }
figure { margin: 1.75rem 0 } figcaption { font-weight: 600; margin-bottom: .3rem } figcaption small { font-weight: 400; margin-left: .6rem }
svg { display: block; width: 100%; height: auto; color: var(--ink) }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 600; color: var(--soft) } th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
@media print { body { max-width: none; padding: 0 } .health, .tiles div { -webkit-print-color-adjust: exact; print-color-adjust: exact } figure, section { break-inside: avoid } }
`;
