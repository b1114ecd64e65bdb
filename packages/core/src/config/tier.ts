/** Settings that follow from the size of the machine. Shared, pure. */
import type { Layer } from "./layer.ts";

const GIB = 1024 ** 3;

/**
 * Small machines hold back, large ones may keep more; from 4 to 16 GiB the defaults fit. Sizes are rounded to the nearest GiB,
 * because a machine sold with 4 GB shows a little less.
 */
export function tierLayer(usableBytes: number): Layer {
  const gib = Math.round(usableBytes / GIB);
  if (gib < 4) return layer({ threshold: 75, cache: 1, models: 1, process: 2 });
  if (gib > 16) return layer({ threshold: null, cache: 8, models: 4, process: 16 });
  return { source: "tier", values: [] };
}

function layer(sizes: {
  threshold: number | null;
  cache: number;
  models: number;
  process: number;
}): Layer {
  const where = "the size of this machine";
  const memory = "memory_management";
  const values = [
    { section: memory, key: "memory_pressure_threshold", value: sizes.threshold, where },
    { section: memory, key: "model_cache_limit_gb", value: sizes.cache, where },
    { section: memory, key: "max_concurrent_models", value: sizes.models, where },
    { section: "resource_limits", key: "max_memory_per_process_gb", value: sizes.process, where },
  ];
  return { source: "tier", values: values.filter(({ value }) => value !== null) };
}
