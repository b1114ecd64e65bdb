/** Whether the settings can be loaded, and what to know of them; where they are wrong the others are looked at with the defaults. Host, I/O. */
import { problemText } from "../config/check-file.ts";
import { ConfigError } from "../config/config-error.ts";
import { loadConfig, type LoadedConfig, type LoadOptions } from "../config/load.ts";
import { settle } from "../config/settle.ts";
import { findingsOf, type Finding } from "./finding.ts";

const { ok, warning, problem } = findingsOf("configuration");

export interface ConfigurationLook {
  readonly findings: readonly Finding[];
  readonly loaded: LoadedConfig;
}

export async function lookAtConfiguration(options: LoadOptions): Promise<ConfigurationLook> {
  try {
    const loaded = await loadConfig(options);
    const { file, warnings, sources } = loaded;
    const unusual = Object.values(sources).filter((source) => source !== "default").length;
    const from = file === null ? "no file" : file;
    return {
      findings: [
        ok("settings", `${from}; ${unusual} keys are not at their default`),
        ...warnings.map((text) => warning("settings", text, "kc config validate names the place.")),
      ],
      loaded,
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { config, sources } = settle([]);
    const findings = error.problems.map((one) =>
      problem("settings", problemText(one), "Correct it there; kc config validate checks it."),
    );
    return { findings, loaded: { config, sources, file: null, warnings: [] } };
  }
}
