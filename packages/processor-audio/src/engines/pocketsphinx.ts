/** Engine on this machine: one pocketsphinx child per piece, of version 5 or the one before. Worker and inspector side; starts processes. */
import { realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AudioOptions } from "../options.ts";
import { findTool, type Env } from "../tools/find-tool.ts";
import { startChild } from "../tools/run-child.ts";
import type { EngineChoice, EngineContext, Heard, SpeechEngine } from "./engine.ts";
import { HOW_TO_GET_POCKETSPHINX, HOW_TO_SET_ENDPOINT } from "./how-to-get.ts";
import { readPocketsphinxLines, readPocketsphinxOutput } from "./pocketsphinx-output.ts";

/** How each version is asked for a file, and how it answers. Version 5 has no `pocketsphinx_continuous` any more. */
const VERSIONS = [
  {
    program: "pocketsphinx",
    command: (file: string) => ["single", file],
    read: readPocketsphinxLines,
  },
  {
    program: "pocketsphinx_continuous",
    command: (file: string) => ["-infile", file, "-time", "yes"],
    read: readPocketsphinxOutput,
  },
] as const;

interface Installed {
  readonly program: string;
  readonly version: (typeof VERSIONS)[number];
  readonly model: string;
  /** Arguments that name the model's files. */
  readonly modelArguments: readonly string[];
}

export async function findPocketsphinx(options: AudioOptions, env: Env): Promise<EngineChoice> {
  const missing = (why: string, howToGet = HOW_TO_GET_POCKETSPHINX) =>
    ({ found: false, why, howToGet }) as const;
  if (!/^(auto|en)(-|$)/i.test(options.language)) {
    return missing(
      `pocketsphinx only understands English, and \`language\` is ${options.language}`,
      HOW_TO_SET_ENDPOINT,
    );
  }
  const tool = await findProgram(env);
  if (tool === null) return missing("pocketsphinx_continuous is not on the PATH");
  const { program, version } = tool;

  const model = options.model || "en-us";
  const folders = await modelFolders(program, model);
  const looked = await Promise.all(folders.map((folder) => modelFiles(folder, model)));
  const modelArguments = looked.find((each) => each !== null) ?? null;
  if (modelArguments === null)
    return missing(`its model "${model}" is not in ${folders.join(" or ")}`);
  const installed = { program, version, model, modelArguments };
  return {
    found: true,
    why: `${program} is installed`,
    open: (ctx) => pocketsphinxEngine(installed, ctx),
  };
}

/** Beside the program, and beside what a link in its place leads to. */
async function modelFolders(program: string, model: string): Promise<string[]> {
  const real = await realpath(program).catch(() => program);
  const folders = [program, real].map((path) =>
    join(dirname(dirname(path)), "share/pocketsphinx/model", model),
  );
  return [...new Set(folders)];
}

async function findProgram(env: Env) {
  for (const version of VERSIONS) {
    const program = await findTool(version.program, env);
    if (program !== null) return { program, version };
  }
  return null;
}

/** A model is a folder with three things named after it; null when one is missing. */
async function modelFiles(folder: string, model: string): Promise<readonly string[] | null> {
  const acoustic = join(folder, model);
  const words = join(folder, `${model}.lm.bin`);
  const dictionary = join(folder, `cmudict-${model}.dict`);
  const all = [acoustic, words, dictionary].map((path) => stat(path).catch(() => null));
  if ((await Promise.all(all)).includes(null)) return null;
  return ["-hmm", acoustic, "-lm", words, "-dict", dictionary];
}

function pocketsphinxEngine(installed: Installed, ctx: EngineContext): SpeechEngine {
  let pieces = 0;
  return {
    name: "pocketsphinx",
    model: installed.model,
    parallel: ctx.options.threads || ctx.cpus,
    async transcribe(wav, label, signal) {
      const file = join(ctx.tempDir, `piece-${(pieces += 1)}.wav`);
      await writeFile(file, wav);
      try {
        return await transcribeFile(installed, file, label, ctx.env, signal);
      } finally {
        await rm(file, { force: true });
      }
    },
    bigger: () => Promise.resolve(null),
  };
}

async function transcribeFile(
  { program, version, modelArguments }: Installed,
  file: string,
  label: string,
  env: Env,
  signal: AbortSignal,
): Promise<Heard> {
  const command = [program, ...modelArguments, ...version.command(file)];
  const child = await startChild(command, { env, signal });
  const output = await new Response(child.stdout).text();
  const end = await child.ended;
  signal.throwIfAborted();
  // It says 0 for much that went wrong, but what it says with another code or a signal is a failure.
  if (end.exitCode !== 0) {
    const how = end.signal === null ? `exit code ${end.exitCode}` : `ended by ${end.signal}`;
    throw new Error(`pocketsphinx failed on ${label} (${how})${lastError(end.stderr)}`);
  }
  return { segments: version.read(output), language: "en" };
}

function lastError(log: string): string {
  const line = log.split("\n").findLast((each) => /^(ERROR|FATAL)/.test(each));
  return line === undefined ? "" : `: ${line}`;
}
