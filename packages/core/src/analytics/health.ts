/** One number for how well things go, and why it is not 100. Shared, pure. */
import type { MetricName, Metrics } from "./metrics.ts";

export type HealthLevel = "excellent" | "good" | "warning" | "critical";

export interface HealthStatus {
  /** 0 to 100; what has no data takes nothing away. */
  readonly score: number;
  readonly level: HealthLevel;
  /** Whether there was any data to judge by. */
  readonly known: boolean;
  readonly reasons: readonly HealthReason[];
}

export interface HealthReason {
  readonly metric: MetricName;
  readonly minus: number;
  /** For people: the figure, what it should be. */
  readonly text: string;
}

interface Rule {
  readonly metric: MetricName;
  readonly minus: number;
  readonly isBad: (value: number) => boolean;
  readonly text: (value: string) => string;
}

/** Thresholds of the original's users. */
const rules: readonly Rule[] = [
  {
    metric: "crashRate",
    minus: 20,
    isBad: (value) => value > 0.5,
    text: (value) => `${value} crashes per hour of work, more than 0.5`,
  },
  {
    metric: "recoverySuccess",
    minus: 15,
    isBad: (value) => value < 80,
    text: (value) => `${value} % of the crashed steps completed later, fewer than 80 %`,
  },
  {
    metric: "itemSpeed",
    minus: 10,
    isBad: (value) => value < 1,
    text: (value) => `${value} items per hour, fewer than 1`,
  },
  {
    metric: "memoryEfficiency",
    minus: 10,
    isBad: (value) => value < 0.5,
    text: (value) => `${value} items per GB-hour of memory, fewer than 0.5`,
  },
  {
    metric: "uptime",
    minus: 15,
    isBad: (value) => value < 95,
    text: (value) => `workers were there for ${value} % of the time with work, less than 95 %`,
  },
  {
    metric: "satisfaction",
    minus: 10,
    isBad: (value) => value < 7,
    text: (value) => `satisfaction ${value} of 10, less than 7`,
  },
];

export function healthOf(metrics: Metrics): HealthStatus {
  const reasons = rules.flatMap(({ metric, minus, isBad, text }) => {
    const { value } = metrics[metric];
    return value !== null && isBad(value) ? [{ metric, minus, text: text(rounded(value)) }] : [];
  });
  const score = 100 - reasons.reduce((sum, { minus }) => sum + minus, 0);
  const known = rules.some(({ metric }) => metrics[metric].value !== null);
  return { score, level: levelOf(score), known, reasons };
}

function levelOf(score: number): HealthLevel {
  if (score >= 90) return "excellent";
  if (score >= 75) return "good";
  return score >= 50 ? "warning" : "critical";
}

/** Never rounded onto the other side of its threshold: 94.96 is not "95". */
function rounded(value: number): string {
  return String(value >= 10 ? Math.floor(value * 10) / 10 : Number(value.toPrecision(2)));
}
