/** Decides which engine transcribes, and says why or what is missing. Worker and inspector side. */
import type { AudioOptions } from "../options.ts";
import type { Env } from "../tools/find-tool.ts";
import type { EngineChoice } from "./engine.ts";
import { HOW_TO_GET_POCKETSPHINX, HOW_TO_SET_ENDPOINT, howToPull } from "./how-to-get.ts";
import { findHttpEngine } from "./http.ts";
import { findPocketsphinx } from "./pocketsphinx.ts";
import { findWhisperCli } from "./whisper-cli.ts";
import { findNativeWhisper } from "./whisper-native.ts";
import { findWhisper } from "./whisper.ts";

type Find = (options: AudioOptions, env: Env) => EngineChoice | Promise<EngineChoice>;

const find: Readonly<Record<Exclude<AudioOptions["engine"], "auto">, Find>> = {
  http: findHttpEngine,
  whisper: findWhisper,
  "whisper-cli": findWhisperCli,
  pocketsphinx: findPocketsphinx,
};

/** On this machine, the best first. */
const LOCAL = ["whisper", "whisper-cli", "pocketsphinx"] as const;

export async function chooseEngine(options: AudioOptions, env: Env): Promise<EngineChoice> {
  const { engine } = options;
  return engine === "auto"
    ? await chooseAutomatically(options, env)
    : await find[engine](options, env);
}

/** A server that somebody named goes first: it is what they want. Then the best on this machine. */
async function chooseAutomatically(options: AudioOptions, env: Env): Promise<EngineChoice> {
  if (options.endpoint !== "") return findHttpEngine(options, env);
  const passedOver = ["no transcription server is set"];
  for (const name of LOCAL) {
    const choice = await find[name](options, env);
    if (choice.found) return { ...choice, why: `${choice.why}, and ${passedOver.join("; ")}` };
    passedOver.push(`${name}: ${choice.why}`);
  }
  return { found: false, why: passedOver.join("; "), howToGet: twoEasiest(options) };
}

/** What costs least of what would help here. */
function twoEasiest(options: AudioOptions): string {
  const speaksEnglish = /^(auto|en)(-|$)/i.test(options.language);
  const ways = [
    findNativeWhisper() === null ? [] : [howToPull(options.model || "base")],
    process.platform === "linux" && speaksEnglish ? [HOW_TO_GET_POCKETSPHINX] : [],
    [HOW_TO_SET_ENDPOINT],
  ];
  return ways.flat().slice(0, 2).join(", or ");
}
