/** One line of the run's log: read, chosen, shown. Pure. */
import { printable } from "@knowledge-chipper/core/reading";
import type { Style } from "../print/style.ts";

export interface LogLine {
  /** 20 debug, 30 info, 40 warn, 50 error; 30 where the line does not say. */
  readonly level: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Wanted {
  readonly level: number;
  readonly jobId: string | null;
}

/** What is no JSON, a line that was cut off for instance, is a message all the same. */
export function parseLogLine(text: string): LogLine {
  const facts = objectIn(text) ?? { msg: text };
  return { level: typeof facts["level"] === "number" ? facts["level"] : 30, facts };
}

export function isWanted({ level, facts }: LogLine, wanted: Wanted): boolean {
  if (level < wanted.level) return false;
  const { jobId } = wanted;
  return jobId === null || facts["jobId"] === jobId || mentions(facts["interruptedJobs"], jobId);
}

const names: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
};

/** `2026-11-23 20:06:52 info  process_isolation  home opened  workers=2`. */
export function logText({ level, facts }: LogLine, style: Style): string {
  const { level: _, time, pid: __, component, msg, ...rest } = facts;
  const name = (names[level] ?? String(level)).padEnd(5);
  const paint = level >= 50 ? style.bad : level >= 40 ? style.warn : style.dim;
  const when = typeof time === "string" ? time.slice(0, 19).replace("T", " ") : "";
  const more = Object.entries(rest).map(([key, value]) => `${printable(key)}=${valueText(value)}`);
  const parts = [
    ...(when === "" ? [] : [style.dim(printable(when))]),
    paint(name),
    ...(typeof component === "string" ? [style.dim(printable(component))] : []),
    typeof msg === "string" ? printable(msg) : "",
    ...(more.length === 0 ? [] : [style.dim(more.join(" "))]),
  ];
  return parts.join("  ");
}

function valueText(value: unknown): string {
  const plain = typeof value === "string" && /^[^\s"=]+$/.test(value);
  return printable(plain ? value : (JSON.stringify(value) ?? ""));
}

function mentions(list: unknown, jobId: string): boolean {
  return Array.isArray(list) && list.includes(jobId);
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
