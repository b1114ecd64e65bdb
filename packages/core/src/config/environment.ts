/** Settings from environment variables. Shared, pure. */
import type { ConfigProblem } from "./config-error.ts";
import type { Env } from "./home.ts";
import type { Layer, LayerValue } from "./layer.ts";
import { keyFacts } from "./key-facts.ts";

/** Variable -> key. */
export const variables: Readonly<Record<string, string>> = {
  KC_PROCESS_ISOLATION_ENABLED: "process_isolation.enabled",
  KC_MAX_RESTART_ATTEMPTS: "process_isolation.max_restart_attempts",
  KC_MEMORY_THRESHOLD: "memory_management.memory_pressure_threshold",
  KC_MEMORY_LIMIT_GB: "resource_limits.max_memory_per_process_gb",
  KC_CHECKPOINT_ENABLED: "checkpoint_system.enabled",
  KC_AUTO_RECOVERY: "safety_features.auto_recovery_enabled",
  KC_FALLBACK_TO_THREADS: "compatibility.fallback_to_thread_mode",
};

/** A variable that is set to nothing counts as not set. */
export function environmentLayer(env: Env): { layer: Layer; problems: ConfigProblem[] } {
  const values: LayerValue[] = [];
  const problems: ConfigProblem[] = [];
  for (const [where, path] of Object.entries(variables)) {
    const text = env[where]?.trim();
    const facts = keyFacts(path);
    if (text === undefined || text === "" || facts === null) continue;
    const value = facts.isFlag ? parseFlag(text) : parseNumber(text);
    if (value === null) {
      const allowed = facts.isFlag ? flagWords : facts.allowed;
      problems.push({
        where,
        key: path,
        message: `${path} is ${JSON.stringify(text)}; allowed: ${allowed}`,
      });
    } else {
      values.push({ section: facts.section, key: facts.key, value, where });
    }
  }
  return { layer: { source: "environment", values }, problems };
}

const flagWords = "true, 1, yes, on or false, 0, no, off";

/** In any case; null when it is neither. */
export function parseFlag(text: string): boolean | null {
  const word = text.toLowerCase();
  if (["true", "1", "yes", "on"].includes(word)) return true;
  return ["false", "0", "no", "off"].includes(word) ? false : null;
}

function parseNumber(text: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null;
}
