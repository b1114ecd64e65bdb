/** Which variables of the host a processor may see: ours what they name, strangers only what the user granted. Pure. */
import type { Config } from "./schema.ts";

export interface EnvRequest {
  /** The processor's name, under which grants are kept. */
  readonly processor: string;
  /** Variables that it asks for. */
  readonly names: readonly string[];
  /** It came with the program. */
  readonly isShipped: boolean;
}

/** Asked for AND granted AND set; nothing else of the host's environment reaches a processor. */
export function grantedEnv(
  { processor, names, isShipped }: EnvRequest,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const granted = isShipped ? names : (config.plugins.grants[processor] ?? []);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = granted.includes(name) ? env[name] : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
