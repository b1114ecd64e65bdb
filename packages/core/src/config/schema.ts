/** The configuration: every section and key with its default, range and meaning. Shared, pure. */
import type { z } from "zod";
import { compatibility, performanceTuning, safetyFeatures } from "./sections/behaviour.ts";
import { processIsolation } from "./sections/process-isolation.ts";
import { checkpointSystem, memoryManagement, resourceLimits } from "./sections/resources.ts";
import { health, logging, output, plugins, server } from "./sections/surroundings.ts";

/** Sections in the order in which they are shown. Keys are as in the file. */
export const sections = {
  process_isolation: processIsolation,
  memory_management: memoryManagement,
  checkpoint_system: checkpointSystem,
  resource_limits: resourceLimits,
  safety_features: safetyFeatures,
  performance_tuning: performanceTuning,
  compatibility,
  output,
  logging,
  plugins,
  server,
  health,
} as const;

export type SectionName = keyof typeof sections;

export const sectionNames = Object.keys(sections) as readonly SectionName[];

/** Keys that old files may have and nothing reads any more. */
export const droppedKeys: ReadonlySet<string> = new Set(["performance_tuning.ipc_buffer_size"]);

/** A whole configuration, settled: every key has its value. */
export type Config = { [S in SectionName]: z.output<(typeof sections)[S]> } & {
  /** Options by processor name, as they were written; each processor checks its own. */
  processors: Record<string, Record<string, unknown>>;
};

/** The schema of one key, or null when there is no such key. */
export function keySchema(section: string, key: string): z.ZodType | null {
  if (!isSection(section)) return null;
  const shape: Record<string, z.ZodType> = sections[section].shape;
  return Object.hasOwn(shape, key) ? (shape[key] ?? null) : null;
}

export function isSection(name: string): name is SectionName {
  return Object.hasOwn(sections, name);
}

/** Names of a section's keys, in the order in which they are shown. */
export function keysOf(section: SectionName): readonly string[] {
  return Object.keys(sections[section].shape);
}
