/** What the options ask of the machine: a language model needs a name, and a key where one is said to be. Worker side, pure. */
import type { Requirement, RequirementsContext } from "@knowledge-chipper/plugin-sdk";
import type { MocOptions } from "./options.ts";

export function modelRequirements(
  options: MocOptions,
  { env }: RequirementsContext,
): Requirement[] {
  const { provider, model, api_key } = options;
  if (provider === "none") return [];
  const key = api_key.replace(/^env:/, "");
  return [
    {
      name: "the name of a language model",
      met: model !== "",
      detail: model === "" ? `moc.provider is ${provider}, and moc.model is empty` : model,
      howToGet: "Name one that the server has: --set moc.model=NAME, or leave moc.provider at none",
    },
    ...(key === ""
      ? []
      : [
          {
            name: `the key in ${key}`,
            met: (env[key] ?? "") !== "",
            detail: `moc.api_key says that the key is in ${key}`,
            howToGet: `Set ${key} in the environment and grant it to moc (plugins.grants)`,
          },
        ]),
  ];
}
