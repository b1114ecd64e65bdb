/** What the chosen provider needs of this machine: a key, a template, a package, a model file. Worker side, looks at the disk. */
import { statSync } from "node:fs";
import { RequirementError, type Requirement } from "@knowledge-chipper/plugin-sdk";
import type { SummarizeOptions } from "../options.ts";
import { addressOf, keyVariable } from "./connect.ts";
import { findLlama, INSTALL_LLAMA, llamaDir } from "./find-llama.ts";
import { loadTemplate } from "./templates.ts";

type Env = Readonly<Record<string, string>>;

/** Nothing for the offline summary. */
export async function requirementsOf(options: SummarizeOptions, env: Env): Promise<Requirement[]> {
  if (options.provider === "extractive") return [];
  const needs =
    options.provider === "node-llama-cpp" ? llamaNeeds(options, env) : keyNeeds(options, env);
  return [...needs, await templateNeed(options)];
}

function keyNeeds(options: SummarizeOptions, env: Env): Requirement[] {
  const name = keyVariable(options);
  if (name === null) return [];
  return [
    {
      name: `a key for ${addressOf(options)}`,
      met: (env[name] ?? "") !== "",
      detail: `the environment variable ${name}`,
      howToGet: `set it before you start: export ${name}=...; another one can be named with summarize.api_key=env:NAME`,
      // A server of your own may do without.
      required: options.base_url === "" || options.api_key !== "",
    },
  ];
}

function llamaNeeds(options: SummarizeOptions, env: Env): Requirement[] {
  const found = findLlama(llamaDir(options, env));
  return [
    {
      name: "node-llama-cpp",
      met: found !== null,
      detail: found ?? `looked for in ${llamaDir(options, env)}`,
      howToGet: INSTALL_LLAMA,
    },
    {
      name: "a model file",
      met: statSync(options.model, { throwIfNoEntry: false })?.isFile() ?? false,
      detail: options.model,
      howToGet: "set summarize.model to the absolute path of a .gguf file",
    },
  ];
}

async function templateNeed({ template, templates_dir }: SummarizeOptions): Promise<Requirement> {
  const need = { name: `the template ${template}`, detail: templates_dir };
  try {
    await loadTemplate(template, templates_dir);
    return { ...need, met: true, howToGet: "" };
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    return { name: error.what, detail: templates_dir, met: false, howToGet: error.howToGet };
  }
}
