/** Says which speech engine and which decoder would be used, and how to get what is missing. Inspector side; looks at the PATH. */
import type { Requirement, RequirementsContext } from "@knowledge-chipper/plugin-sdk";
import { HOW_TO_GET_FFMPEG } from "./decode/missing-ffmpeg.ts";
import { chooseEngine } from "./engines/choose-engine.ts";
import type { AudioOptions } from "./options.ts";
import { findTool } from "./tools/find-tool.ts";

export async function audioRequirements(
  options: AudioOptions,
  { env }: RequirementsContext,
): Promise<Requirement[]> {
  const engine = await chooseEngine(options, env);
  return [
    {
      name: "a speech engine",
      met: engine.found,
      detail: engine.why,
      howToGet: engine.found ? "nothing to do" : engine.howToGet,
    },
    await decoderRequirement(options.decoder, env),
  ];
}

async function decoderRequirement(
  choice: AudioOptions["decoder"],
  env: RequirementsContext["env"],
): Promise<Requirement> {
  const name = "a decoder for recordings";
  if (choice === "wasm") {
    const detail = "the built-in ones, for wav, mp3, flac and ogg";
    return { name, met: true, detail, howToGet: "nothing to do" };
  }
  const ffmpeg = await findTool("ffmpeg", env);
  if (ffmpeg !== null) {
    return { name, met: true, detail: `ffmpeg at ${ffmpeg}`, howToGet: "nothing to do" };
  }
  const instead = choice === "auto" ? ": only wav, mp3, flac and ogg can be read" : "";
  return {
    name,
    met: false,
    detail: `ffmpeg is not on the PATH${instead}`,
    howToGet: HOW_TO_GET_FFMPEG,
    required: choice === "ffmpeg",
  };
}
