/** A configuration that was read again, taken over where that can be done while work runs. Shared, pure but for its target. */
import type { Config } from "./schema.ts";

/** Read whenever they are needed; everything else is settled when the home is opened. */
export const reloadableKeys: readonly string[] = [
  "process_isolation.max_attempts",
  "process_isolation.circuit_items",
  "memory_management.batch_size",
  "output.directory",
  "output.overwrite",
  "logging.level",
  "health.window_hours",
  "health.minimum_events",
];

export interface Reloaded {
  /** Keys whose new value counts from now on. */
  readonly applied: readonly string[];
  /** Keys that differ and count from the next start on. */
  readonly later: readonly string[];
}

/** Changes `current` in place: whoever holds it sees the new values. Options of processors count for jobs submitted from now on. */
export function reloadConfig(current: Config, fresh: Config): Reloaded {
  const applied: string[] = [];
  const later: string[] = [];
  for (const [section, values] of Object.entries(fresh)) {
    const target = (current as unknown as Record<string, Record<string, unknown>>)[section];
    if (target === undefined) continue;
    const keys = new Set([...Object.keys(target), ...Object.keys(values as object)]);
    for (const key of keys) {
      const value = (values as Record<string, unknown>)[key];
      if (Bun.deepEquals(target[key], value)) continue;
      const path = `${section}.${key}`;
      if (section !== "processors" && !reloadableKeys.includes(path)) {
        later.push(path);
        continue;
      }
      if (value === undefined) delete target[key];
      else target[key] = value;
      applied.push(section === "processors" ? key : path);
    }
  }
  return { applied, later };
}
