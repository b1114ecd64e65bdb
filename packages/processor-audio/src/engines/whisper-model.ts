/** Decides which whisper model is used and which ones are bigger; the same for both whisper engines. Worker and inspector side; looks at the models folder. */
import { isBigger, isEnglishOnly } from "../models/catalogue.ts";
import { findInstalled, installedModels, type InstalledModel } from "../models/installed-models.ts";
import type { AudioOptions } from "../options.ts";
import type { Env } from "../tools/find-tool.ts";
import { howToPull } from "./how-to-get.ts";
import { whisperLanguage } from "./whisper-languages.ts";

export type WhisperModelChoice =
  | { readonly found: true; readonly model: InstalledModel; readonly language: string }
  | { readonly found: false; readonly why: string; readonly howToGet: string };

/** The one that was asked for, else the best that is installed and understands the language. */
export async function chooseWhisperModel(
  options: AudioOptions,
  env: Env,
): Promise<WhisperModelChoice> {
  const language = whisperLanguage(options.language);
  if (language === null) {
    return {
      found: false,
      why: `whisper does not know the language ${options.language}`,
      howToGet: "set `language` to a code that it knows, or to auto",
    };
  }
  const folder = modelsFolder(env);
  const wanted = options.model;
  if (wanted !== "") {
    const { found, ...rest } = await findInstalled(wanted, folder);
    if (!found) {
      const { why } = rest as { why: string };
      return { found: false, why, howToGet: howToPull(wanted) };
    }
    const { model } = rest as { model: InstalledModel };
    if (understands(model, language)) return { found: true, model, language };
    const why = `the model ${model.name} only understands English, and \`language\` is ${language}`;
    return { found: false, why, howToGet: howToPull(model.name.replace(".en", "")) };
  }
  const all = (await installedModels(folder)).filter((each) => understands(each, language));
  // Nobody said that it is English: one that knows every language goes first.
  const many = all.find((each) => each.multilingual);
  const model = language === "auto" ? (many ?? all[0]) : all[0];
  if (model !== undefined) return { found: true, model, language };
  const whose = language === "auto" ? "" : ` for ${language}`;
  return {
    found: false,
    why: `no whisper model${whose} is installed`,
    howToGet: howToPull("base"),
  };
}

/** The smallest installed model that is bigger than this one and understands as much; null where there is none. */
export async function nextBigger(
  model: InstalledModel,
  language: string,
  env: Env,
): Promise<InstalledModel | null> {
  const others = await installedModels(modelsFolder(env));
  const bigger = others.filter(
    (each) => isBigger(each.name, model.name) && understands(each, language),
  );
  const alike = bigger.filter((each) => each.multilingual || !model.multilingual);
  return alike.at(-1) ?? null;
}

function modelsFolder(env: Env): string {
  return env["KC_MODELS"] ?? "";
}

function understands(model: InstalledModel, language: string): boolean {
  return language === "auto" || language === "en" || isForAll(model);
}

function isForAll({ multilingual, name }: InstalledModel): boolean {
  return multilingual && !isEnglishOnly(name);
}
