/** Engine behind the OpenAI transcription interface: any server, local or remote, that the user named. Worker and inspector side; network. */
import { RequirementError } from "@knowledge-chipper/plugin-sdk";
import type { AudioOptions } from "../options.ts";
import type { Env } from "../tools/find-tool.ts";
import type { EngineChoice, EngineContext, SpeechEngine } from "./engine.ts";
import { HOW_TO_SET_ENDPOINT } from "./how-to-get.ts";
import { readTranscription } from "./http-answer.ts";
import { postPiece } from "./http-post.ts";

/** Never looks for a server by itself: audio leaves the machine only for an `endpoint` that somebody wrote down. */
export function findHttpEngine(options: AudioOptions, env: Env): EngineChoice {
  const missing = (why: string, howToGet: string) => ({ found: false, why, howToGet }) as const;
  if (options.endpoint === "") {
    return missing("no transcription server is set", HOW_TO_SET_ENDPOINT);
  }
  const { apiKeyEnv } = options;
  if (apiKeyEnv !== "OPENAI_API_KEY" && !env[apiKeyEnv]) {
    return missing(
      `the environment variable ${apiKeyEnv} with its key is not set or not granted`,
      `set ${apiKeyEnv} and grant it to the audio processor`,
    );
  }
  return {
    found: true,
    why: `\`endpoint\` is ${shownAddress(options.endpoint)}`,
    open: httpEngine,
  };
}

function httpEngine(ctx: EngineContext): SpeechEngine {
  const { options } = ctx;
  const model = options.model || "whisper-1";
  const address = transcriptionAddress(options.endpoint);
  const key = ctx.env[options.apiKeyEnv];
  const server = {
    address,
    shown: shownAddress(address),
    headers: key ? { authorization: `Bearer ${key}` } : {},
    timeoutMs: options.timeoutSeconds * 1000,
  };
  return {
    name: "http",
    model,
    parallel: options.threads || 1,
    async transcribe(wav, label, signal) {
      const form = () => {
        const body = new FormData();
        // Without its third argument Bun would send no or another file name, and servers tell the format by it.
        body.set("file", new Blob([wav], { type: "audio/wav" }), "audio.wav");
        body.set("model", model);
        body.set("response_format", "verbose_json");
        body.set("temperature", "0");
        if (options.language !== "auto") body.set("language", options.language);
        if (options.diarization) body.set("diarize", "true");
        return body;
      };
      const answer = await postPiece(server, form, label, ctx, signal);
      if (answer.status === 401 || answer.status === 403) throw refusedKey(server.shown, options);
      return readTranscription(answer, server.shown, label);
    },
    // Which models a server has, only its owner knows.
    bigger: () => Promise.resolve(null),
  };
}

function refusedKey(shown: string, options: AudioOptions): RequirementError {
  return new RequirementError(
    `a key for ${shown}`,
    `it refused the request; put a valid key into ${options.apiKeyEnv} and grant that variable to the audio processor`,
  );
}

function transcriptionAddress(endpoint: string): string {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, "");
  const known = path.endsWith("/audio/transcriptions");
  url.pathname = known ? path : `${path}/audio/transcriptions`;
  return url.href;
}

/** Without user, password and query, which can be secrets. */
function shownAddress(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
