/** Which variables of the host a processor may see: ours what they or their options name, strangers only what the user granted. Pure. */
import type { Config } from "./schema.ts";

export interface EnvRequest {
  /** The processor's name, under which grants are kept. */
  readonly processor: string;
  /** Variables that it asks for. */
  readonly names: readonly string[];
  /** Its options: a value `env:NAME` asks for that variable too, so a key never stands in a setting, a ledger or a log. */
  readonly options: Readonly<Record<string, unknown>>;
  /** It came with the program. */
  readonly isShipped: boolean;
}

/** Asked for AND granted AND set; nothing else of the host's environment reaches a processor. */
export function grantedEnv(
  { processor, names, options, isShipped }: EnvRequest,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const asked = [...new Set([...names, ...referencesIn(options)])];
  const granted = isShipped ? asked : (config.plugins.grants[processor] ?? []);
  return Object.fromEntries(
    asked.flatMap((name) => {
      const value = granted.includes(name) ? env[name] : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Names of the variables that options refer to as `env:NAME`. */
function referencesIn(options: Readonly<Record<string, unknown>>): string[] {
  return Object.values(options).flatMap((value) => {
    const name = typeof value === "string" ? /^env:([A-Za-z_]\w*)$/.exec(value)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
}
