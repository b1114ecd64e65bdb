/** What an engine needs of a step, for tests of engines alone. Test side. */
import { tmpdir } from "node:os";
import type { EngineChoice, EngineContext, SpeechEngine } from "../src/engines/engine.ts";
import { audioOptions, type AudioOptions } from "../src/options.ts";
import type { Env } from "../src/tools/find-tool.ts";

type Find = (options: AudioOptions, env: Env) => EngineChoice | Promise<EngineChoice>;

/** Opens the engine that `find` finds; what it warned of and announced is recorded. */
export async function openEngine(
  find: Find,
  options: Record<string, unknown>,
  env: Record<string, string> = {},
) {
  const warnings: string[] = [];
  const extended: number[] = [];
  const ctx: EngineContext = {
    options: audioOptions.parse(options),
    env,
    cpus: 1,
    tempDir: tmpdir(),
    log: { debug() {}, info() {}, warn: (line) => void warnings.push(line), error() {} },
    extend: (ms) => void extended.push(ms),
    models: { get: async (_key, _bytes, load) => (await load()).model },
  };
  const choice = await find(ctx.options, env);
  if (!choice.found) throw new Error(choice.why);
  const engine: SpeechEngine = choice.open(ctx);
  return { engine, why: choice.why, warnings, extended };
}
