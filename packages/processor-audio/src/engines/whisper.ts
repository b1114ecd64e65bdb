/** Engine in this very process: whisper.cpp as a native library. What crashes in it costs the worker, which is what workers are for. Worker and inspector side. */
import { RequirementError } from "@knowledge-chipper/plugin-sdk";
import type { InstalledModel } from "../models/installed-models.ts";
import type { AudioOptions } from "../options.ts";
import type { Env } from "../tools/find-tool.ts";
import type { EngineChoice, EngineContext, SpeechEngine } from "./engine.ts";
import { HOW_TO_SET_ENDPOINT } from "./how-to-get.ts";
import { chooseWhisperModel, nextBigger } from "./whisper-model.ts";
import {
  findNativeWhisper,
  loadNativeWhisper,
  type NativeContext,
  type NativeResult,
} from "./whisper-native.ts";

/** Header of the wav file a piece comes as. */
const WAV_HEADER_BYTES = 44;
/** A model takes about this many times its file in memory. */
const MEMORY_FACTOR = 1.3;

export async function findWhisper(options: AudioOptions, env: Env): Promise<EngineChoice> {
  const library = findNativeWhisper();
  if (library === null) {
    const why = "the native whisper library for this platform is not installed";
    return { found: false, why, howToGet: HOW_TO_SET_ENDPOINT };
  }
  const choice = await chooseWhisperModel(options, env);
  if (!choice.found) return choice;
  const { model, language } = choice;
  return {
    found: true,
    why: `it is built in and the model ${model.name} is installed`,
    open: (ctx) => whisperEngine({ library, model, language }, ctx),
  };
}

interface Whisper {
  readonly library: string;
  readonly model: InstalledModel;
  readonly language: string;
}

function whisperEngine(whisper: Whisper, ctx: EngineContext): SpeechEngine {
  const { model, language, library } = whisper;
  return {
    name: "whisper",
    model: model.name,
    parallel: 1,
    async transcribe(wav, label, signal) {
      const context = await loaded(whisper, ctx);
      signal.throwIfAborted();
      const samples = wav.buffer.slice(wav.byteOffset + WAV_HEADER_BYTES);
      // Without a thread it would never answer, and more than there are processors only wait for each other.
      const maxThreads = Math.max(1, ctx.options.threads || ctx.cpus);
      const onProgress = () => {};
      // It cannot be stopped: who cancels waits for the end of the piece, or ends the worker.
      const job = context.transcribeData(samples, { language, maxThreads, onProgress });
      const result = await job.promise;
      signal.throwIfAborted();
      if (result.isAborted) throw new Error(`whisper gave up on ${label}`);
      return toHeard(result);
    },
    async bigger() {
      const next = await nextBigger(model, language, ctx.env);
      return next === null ? null : whisperEngine({ library, model: next, language }, ctx);
    },
  };
}

function toHeard({ segments, language }: NativeResult) {
  const heard = segments.map(({ text, t0, t1 }) => ({ start: t0 / 1000, end: t1 / 1000, text }));
  return language === undefined ? { segments: heard } : { segments: heard, language };
}

async function loaded({ library, model }: Whisper, ctx: EngineContext): Promise<NativeContext> {
  const size = Math.round(model.bytes * MEMORY_FACTOR);
  return await ctx.models.get(`whisper ${model.path}`, size, async () => {
    const native = loadNativeWhisper(library);
    native.WhisperContext.toggleNativeLog(false);
    try {
      const context = await new native.WhisperContext({ filePath: model.path, useGpu: false });
      return { model: context, dispose: () => context.release() };
    } catch (cause) {
      throw new RequirementError(
        `a whisper model that can be loaded`,
        `${model.path} is damaged; check it with \`kc models verify ${model.name}\` and pull it again`,
        { cause },
      );
    }
  });
}
