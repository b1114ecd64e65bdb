/** Decides which engine transcribes, and says why or what is missing. Worker and inspector side. */
import type { AudioOptions } from "../options.ts";
import type { Env } from "../tools/find-tool.ts";
import type { EngineChoice } from "./engine.ts";
import { findHttpEngine } from "./http.ts";
import { findPocketsphinx } from "./pocketsphinx.ts";

export async function chooseEngine(options: AudioOptions, env: Env): Promise<EngineChoice> {
  switch (options.engine) {
    case "http":
      return findHttpEngine(options, env);
    case "pocketsphinx":
      return await findPocketsphinx(options, env);
    case "auto":
      return await chooseAutomatically(options, env);
  }
}

/** A server that somebody named goes first: it is what they want, and mostly the better one. */
async function chooseAutomatically(options: AudioOptions, env: Env): Promise<EngineChoice> {
  const http = findHttpEngine(options, env);
  if (http.found || options.endpoint !== "") return http;
  const local = await findPocketsphinx(options, env);
  if (local.found) return { ...local, why: `${local.why} and ${http.why}` };
  return {
    found: false,
    why: `${http.why}, and ${local.why}`,
    howToGet: [...new Set([local.howToGet, http.howToGet])].join(", or "),
  };
}
