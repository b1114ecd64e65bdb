/** One thing that was looked at: what was found, how bad it is, and what mends it. Shared, pure. */

export type FindingLevel = "ok" | "warning" | "problem";

/** Parts of a diagnosis, in the order in which they are shown. */
export const areas = [
  "machine",
  "terminal",
  "configuration",
  "folders",
  "home",
  "ledger",
  "processors",
  "health",
  "log",
] as const;

export type Area = (typeof areas)[number];

export interface Finding {
  readonly area: Area;
  /** What was looked at: `memory`, `open files`. */
  readonly name: string;
  readonly level: FindingLevel;
  /** What was found, for people. */
  readonly text: string;
  /** What to do; null when nothing needs to be done. */
  readonly fix: string | null;
}

/** Findings of one area. */
export function findingsOf(area: Area) {
  const of = (level: FindingLevel) => (name: string, text: string, fix: string | null) => ({
    area,
    name,
    level,
    text,
    fix,
  });
  const [warning, problem] = [of("warning"), of("problem")];
  return {
    ok: (name: string, text: string): Finding => of("ok")(name, text, null),
    warning: (name: string, text: string, fix: string): Finding => warning(name, text, fix),
    problem: (name: string, text: string, fix: string): Finding => problem(name, text, fix),
  };
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
