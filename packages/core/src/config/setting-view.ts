/** Every setting with its value and where that came from, for people: secrets are not in it. Shared, pure. */
import { allKeys } from "./key-facts.ts";
import type { Source } from "./layer.ts";
import type { Config } from "./schema.ts";

export interface SettingView {
  /** `section.key`; options of processors stand under the processor's name. */
  readonly path: string;
  readonly value: unknown;
  readonly source: Source;
  /** Null for options of processors, whose schema is theirs. */
  readonly description: string | null;
  readonly default: unknown;
  readonly allowed: string | null;
}

const SECRET = /(key|token|secret|password|passphrase|credential)s?$/i;
const HIDDEN = "(hidden)";

export function settingViews(
  config: Config,
  sources: Readonly<Record<string, Source>>,
): SettingView[] {
  const ours = allKeys().map(({ path, section, key, description, default: usual, allowed }) => ({
    path,
    value: (config as unknown as Record<string, Record<string, unknown>>)[section]?.[key],
    source: sources[path] ?? ("default" as const),
    description,
    default: usual ?? null,
    allowed,
  }));
  const theirs = Object.entries(config.processors).flatMap(([processor, options]) =>
    Object.entries(options).map(([key, value]) => ({
      path: `${processor}.${key}`,
      value: shown(key, value),
      source: sources[`${processor}.${key}`] ?? ("file" as const),
      description: null,
      default: null,
      allowed: null,
    })),
  );
  return [...ours, ...theirs];
}

/** `env:NAME` names the place of a secret and is none itself. */
function shown(key: string, value: unknown): unknown {
  const isSecret = isSecretKey(key) && typeof value === "string" && !value.startsWith("env:");
  return isSecret ? HIDDEN : value;
}

/** Whether a key of that name holds what nobody else may see. */
export function isSecretKey(key: string): boolean {
  return SECRET.test(key);
}
