/** How the reports name and write figures. Shared, pure. */
import type { Metric, MetricName } from "../metrics.ts";
import type { Report } from "./report.ts";

export const metricLabels = {
  crashRate: "Crash rate",
  recoverySuccess: "Recovery success",
  itemSpeed: "Processing speed",
  stepSpeed: "Steps",
  memoryEfficiency: "Memory efficiency",
  outputEfficiency: "Output for memory",
  uptime: "Uptime",
  completionRate: "Completion rate",
  satisfaction: "Satisfaction",
} as const satisfies Record<MetricName, string>;

export function metricText({ value, unit }: Metric): string {
  return value === null ? "no data yet" : `${number(value)} ${unit}`;
}

/** Three digits that count, thousands grouped. */
function number(value: number): string {
  const digits = value >= 1_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat("en", digits).format(value);
}

function bytes(value: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let rest = value;
  for (; rest >= 1_024 && at < units.length - 1; at += 1) rest /= 1_024;
  return `${number(rest)} ${units[at]}`;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${number(ms)} ms`;
  if (ms < 120_000) return `${number(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${number(ms / 60_000)} min` : `${number(ms / 3_600_000)} h`;
}

export function windowText({ hours, generatedAt }: Report): string {
  const span =
    hours % 24 === 0 && hours > 24
      ? `${hours / 24} days`
      : hours === 1
        ? "hour"
        : `${number(hours)} hours`;
  return `the last ${span} before ${generatedAt.slice(0, 16).replace("T", " ")} UTC`;
}

export function healthText({ health }: Report): string {
  return health.known ? `${health.level}, ${health.score} of 100` : "no data yet";
}

export function resourceRows({ resources }: Report): [string, string][] {
  const { workersPeak, workerBytesPeak, usedBytesPeak, totalBytes, load, diskFreeBytes } =
    resources;
  return [
    ["Workers at once, at most", String(workersPeak)],
    ["Memory of all workers, at most", bytes(workerBytesPeak)],
    ...(totalBytes > 0
      ? [
          ["Memory of the machine, at most", `${bytes(usedBytesPeak)} of ${bytes(totalBytes)}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(load === null
      ? []
      : [["Cores in use, on average", `${number(load * 100)} %`] as [string, string]]),
    ...(diskFreeBytes === null
      ? []
      : [["Free space for outputs, at least", bytes(diskFreeBytes)] as [string, string]]),
  ];
}

export function countRows({ counts }: Report): [string, string][] {
  return [
    ["Items completed", number(counts.itemsCompleted)],
    ["Items failed", number(counts.itemsFailed)],
    ["Items set aside after crashes", number(counts.itemsQuarantined)],
    ["Items skipped", number(counts.itemsSkipped)],
    ["Steps completed", number(counts.stepsCompleted)],
    ["Attempts", number(counts.attempts)],
    ["Jobs ended", number(counts.jobsEnded)],
    ["Bytes of outputs", bytes(counts.outputBytes)],
    ...modelRows(counts),
  ];
}

/** Nothing where no language model was asked, and no cost where no prices are known. */
function modelRows(counts: Report["counts"]): [string, string][] {
  if (counts.modelRequests === 0) return [];
  const tokens = `${number(counts.modelTokensIn)} read, ${number(counts.modelTokensOut)} written`;
  return [
    ["Requests to language models", number(counts.modelRequests)],
    ["Tokens of language models", tokens],
    ...(counts.modelCost === 0
      ? []
      : [["Cost of language models", number(counts.modelCost)] as [string, string]]),
  ];
}

export function timeRows({ times }: Report): [string, string, string, string, string][] {
  const rows = Object.entries(times.stages).map(([stage, each]) => [stage, each] as const);
  const all = times.jobs === null ? rows : [...rows, ["whole jobs", times.jobs] as const];
  return all.map(([name, { count, p50, p95, max }]) => [
    name,
    number(count),
    duration(p50),
    duration(p95),
    duration(max),
  ]);
}
