/** `kc models pull`: downloads speech models into the home, with a bar on a terminal. I/O. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { suggestion, UserError } from "@knowledge-chipper/core/reading";
import {
  addressOf,
  fileNameOf,
  findModel,
  ModelError,
  pullModel,
  sizeText,
  verifyModel,
  whisperModels,
  type WhisperModel,
} from "@knowledge-chipper/processor-audio/models";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { modelsFolder } from "./models.ts";

export async function pullModels(
  names: string[],
  flags: { mirror?: string },
  global: GlobalFlags,
): Promise<number> {
  const wanted = names.map(knownModel);
  const mirror = checkedMirror(flags.mirror ?? process.env["KC_MODELS_MIRROR"]);
  const folder = modelsFolder(global);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const pulled: { name: string; path: string; bytes: number; sha256: string }[] = [];
  try {
    for (const model of wanted) {
      const path = await pullOne(model, folder, mirror, stop.signal, global);
      pulled.push({ name: model.name, path, bytes: model.bytes, sha256: model.sha256 });
      if (global.json !== true) process.stdout.write(`${path}\n`);
    }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    process.stderr.write(`kc: ${error.message}\n`);
    if (global.json === true) {
      process.stdout.write(
        `${JSON.stringify({ type: "error", code: error.code, message: error.message })}\n`,
      );
    }
    return error.code === "stopped" ? exitCodes.interrupted : exitCodes.problems;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  if (global.json === true) process.stdout.write(`${JSON.stringify(pulled)}\n`);
  return exitCodes.done;
}

async function pullOne(
  model: WhisperModel,
  folder: string,
  mirror: string | undefined,
  signal: AbortSignal,
  global: GlobalFlags,
): Promise<string> {
  const target = join(folder, fileNameOf(model.name));
  if (await isWhole(model, target)) {
    if (global.quiet !== true) process.stderr.write(`${model.name} is here already\n`);
    return target;
  }
  if (global.quiet !== true) {
    process.stderr.write(
      `${model.name}, ${sizeText(model.bytes)}, from ${addressOf(model, mirror)}\n`,
    );
  }
  const bar = await openBar(model.bytes, global);
  try {
    return await pullModel(model, { folder, mirror, signal, onProgress: bar.update });
  } finally {
    bar.stop();
  }
}

async function isWhole(model: WhisperModel, path: string): Promise<boolean> {
  if ((await stat(path).catch(() => null)) === null) return false;
  return (await verifyModel(model.name, path)).ok;
}

async function openBar(total: number, { quiet, json }: GlobalFlags) {
  if (process.stderr.isTTY !== true || quiet === true || json === true) {
    return { update() {}, stop() {} };
  }
  const { SingleBar } = (await import("cli-progress")).default;
  const bar = new SingleBar({
    stream: process.stderr,
    format: "{bar} {percentage} %  {done}  {phase}",
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  bar.start(total, 0, { done: "", phase: "" });
  return {
    update(phase: "pull" | "check", bytes: number) {
      bar.update(bytes, { done: sizeText(bytes), phase: phase === "check" ? "checking" : "" });
    },
    stop: () => bar.stop(),
  };
}

function knownModel(name: string): WhisperModel {
  const model = findModel(name);
  if (model !== undefined) return model;
  const names = whisperModels.map((each) => each.name);
  throw new UserError(
    "unknown_model",
    `there is no model "${name}".${suggestion(name, names)} kc models list shows all`,
  );
}

function checkedMirror(mirror: string | undefined): string | undefined {
  if (mirror === undefined || mirror === "") return undefined;
  if (/^https?:\/\//.test(mirror) && URL.canParse(mirror)) return mirror;
  throw new UserError(
    "bad_mirror",
    `the mirror "${mirror}" is no address; it begins with https:// or http://`,
  );
}
