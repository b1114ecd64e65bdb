/** A home with its control in this process, on the fixture processors. Test side, I/O. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, sectionNames, sections } from "../src/config/schema.ts";
import { createLocalControl, type LocalControl } from "../src/control/local-control.ts";
import type { Engine } from "../src/engine/engine.ts";
import { openHome, type Home } from "../src/home.ts";
import { rm } from "node:fs/promises";

const FIXTURES = join(import.meta.dir, "../../../tests/fixtures/processors");
const OWN = join(import.meta.dir, "fixtures/processors");

export interface OpenControl extends AsyncDisposable {
  readonly home: Home;
  readonly control: LocalControl;
}

/** Sections as in a configuration file; what is not given has its default. */
export type GivenConfig = { [S in (typeof sectionNames)[number]]?: Partial<Config[S]> };

export async function openControl(
  root: string,
  given: GivenConfig = {},
  workers = 2,
  /** Puts something between the engine and what it uses. */
  adapt: (engine: Engine) => Partial<Engine> = () => ({}),
): Promise<OpenControl> {
  const config = configOf(given);
  const path = join(root, "home");
  const env = { TMPDIR: root, PATH: process.env["PATH"] };
  const opened = await openHome({ home: path, config, env, shipped: [], workers });
  const engine: Engine = { ...opened.engine, ...adapt(opened.engine) };
  const home: Home = { ...opened, engine };
  const control = createLocalControl(home, {
    config,
    home: path,
    env,
    cwd: root,
    tempRoot: home.engine.places.tempRoot,
    resolveProcessor,
    processorNames: [],
    forgetLogs: (jobId) =>
      rm(join(path, "logs", "attempts", jobId), { recursive: true, force: true }),
  });
  return {
    home,
    control,
    async [Symbol.asyncDispose]() {
      await control.drain(0);
      await home.close(0);
    },
  };
}

function configOf(given: GivenConfig): Config {
  const settled = sectionNames.map((name) => [name, sections[name].parse(given[name] ?? {})]);
  return { ...Object.fromEntries(settled), processors: {} } as Config;
}

function resolveProcessor(name: string): string | null {
  const found = [OWN, FIXTURES].map((folder) => join(folder, `${name}.ts`)).find(existsSync);
  return found === undefined ? null : Bun.pathToFileURL(found).href;
}
