/** Engine on this machine: one `whisper-cli` (of whisper.cpp) child per piece. Worker and inspector side; starts processes. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { InstalledModel } from "../models/installed-models.ts";
import type { AudioOptions } from "../options.ts";
import { findTool, type Env } from "../tools/find-tool.ts";
import { startChild, type ChildEnd } from "../tools/run-child.ts";
import type { EngineChoice, EngineContext, Heard, SpeechEngine } from "./engine.ts";
import { HOW_TO_GET_WHISPER_CLI } from "./how-to-get.ts";
import { readWhisperJson } from "./whisper-cli-output.ts";
import { chooseWhisperModel, nextBigger } from "./whisper-model.ts";

const PROGRAM = "whisper-cli";

export async function findWhisperCli(options: AudioOptions, env: Env): Promise<EngineChoice> {
  const program = await findTool(PROGRAM, env);
  if (program === null) {
    return {
      found: false,
      why: `${PROGRAM} is not on the PATH`,
      howToGet: HOW_TO_GET_WHISPER_CLI,
    };
  }
  const choice = await chooseWhisperModel(options, env);
  if (!choice.found) return choice;
  const { model, language } = choice;
  return {
    found: true,
    why: `${program} and the model ${model.name} are installed`,
    open: (ctx) => whisperCliEngine({ program, model, language }, ctx),
  };
}

interface WhisperCli {
  readonly program: string;
  readonly model: InstalledModel;
  readonly language: string;
}

function whisperCliEngine(whisper: WhisperCli, ctx: EngineContext): SpeechEngine {
  let pieces = 0;
  return {
    name: "whisper-cli",
    model: whisper.model.name,
    parallel: 1,
    async transcribe(wav, label, signal) {
      const stem = join(ctx.tempDir, `whisper-${whisper.model.name}-${(pieces += 1)}`);
      await writeFile(`${stem}.wav`, wav);
      try {
        return await transcribeFile(whisper, stem, label, ctx, signal);
      } finally {
        await rm(`${stem}.wav`, { force: true });
        await rm(`${stem}.json`, { force: true });
      }
    },
    async bigger() {
      const next = await nextBigger(whisper.model, whisper.language, ctx.env);
      return next === null ? null : whisperCliEngine({ ...whisper, model: next }, ctx);
    },
  };
}

async function transcribeFile(
  { program, model, language }: WhisperCli,
  stem: string,
  label: string,
  { options, env, cpus }: EngineContext,
  signal: AbortSignal,
): Promise<Heard> {
  const threads = String(Math.max(1, options.threads || cpus));
  const gpu = options.device === "cpu" ? ["-ng"] : [];
  const command = [program, "-m", model.path, "-f", `${stem}.wav`, "-l", language, "-t", threads];
  const child = await startChild([...command, "-oj", "-of", stem, "-np", ...gpu], {
    env,
    signal,
    // Else a failed assertion waits for a debugger and prints what that says as if it were the text.
    set: { GGML_NO_BACKTRACE: "1" },
  });
  await new Response(child.stdout).arrayBuffer();
  const end = await child.ended;
  signal.throwIfAborted();
  // Its exit code says 0 for much that went wrong: only what it wrote counts.
  const written = await readFile(`${stem}.json`).catch(() => null);
  const heard = end.signal === null && written !== null ? readWhisperJson(written) : null;
  if (heard !== null) return heard;
  throw new Error(`whisper-cli failed on ${label} (${howItEnded(end, written)})${lastError(end)}`);
}

function howItEnded({ signal, exitCode }: ChildEnd, written: Buffer | null): string {
  if (signal !== null) return `ended by ${signal}`;
  const what = written === null ? "without a result" : "with a result that cannot be read";
  return `exit code ${exitCode} ${what}`;
}

function lastError({ stderr }: ChildEnd): string {
  const line = stderr.split("\n").findLast((each) => /error|failed|assert/i.test(each));
  return line === undefined ? "" : `: ${line.trim().slice(0, 300)}`;
}
