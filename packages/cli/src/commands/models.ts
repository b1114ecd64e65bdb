/** `kc models list|verify|path|remove`: the speech models of the home. I/O. */
import { rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { printable, resolveHome, suggestion, UserError } from "@knowledge-chipper/core/reading";
import {
  fileNameOf,
  findModel,
  installedModels,
  sizeText,
  verifyModel,
  whisperModels,
  type Verdict,
} from "@knowledge-chipper/processor-audio/models";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { styleFor } from "../print/style.ts";

/** The folder that workers are told of too. */
export function modelsFolder(global: GlobalFlags): string {
  const home = global.home === undefined ? resolveHome(process.env) : resolve(global.home);
  return process.env["KC_MODELS"] ?? join(home, "models");
}

export async function listModels(global: GlobalFlags): Promise<number> {
  const folder = modelsFolder(global);
  const installed = await installedModels(folder);
  const known = whisperModels.map(({ name, bytes, sha256 }) => {
    const here = installed.find((each) => each.name === name);
    return { name, bytes, sha256, installed: here !== undefined, path: here?.path ?? null };
  });
  const own = installed
    .filter(({ name }) => findModel(name) === undefined)
    .map(({ name, bytes, path }) => ({ name, bytes, sha256: null, installed: true, path }));
  const all = [...known, ...own];
  if (global.json === true) {
    process.stdout.write(`${JSON.stringify(all)}\n`);
    return exitCodes.done;
  }
  const style = styleFor(process.stdout, global.color);
  for (const { name, bytes, installed: here } of all) {
    const line = `${printable(name).padEnd(22)} ${sizeText(bytes).padStart(8)}`;
    process.stdout.write(`${line}  ${here ? style.good("installed") : ""}`.trimEnd() + "\n");
  }
  process.stderr.write(
    `.en understands English only, -q is smaller and a little worse. kc models pull NAME gets one.\n`,
  );
  return exitCodes.done;
}

export async function verifyModels(names: string[], global: GlobalFlags): Promise<number> {
  const folder = modelsFolder(global);
  const wanted = names.length > 0 ? names : await installedNames(folder);
  const results: { name: string; path: string; verdict: Verdict }[] = [];
  for (const name of wanted) {
    const path = await presentFile(name, folder);
    const verdict = await verifyModel(name, path);
    results.push({ name, path, verdict });
    if (global.json === true) continue;
    const text = verdict.ok
      ? verdict.checked === "sha256"
        ? "as it was published"
        : "looks like a model; nothing is known of what it should be"
      : `damaged: ${verdict.why}; kc models remove ${name}, then pull it again`;
    process.stdout.write(`${printable(name)}: ${text}\n`);
  }
  if (global.json === true) process.stdout.write(`${JSON.stringify(results)}\n`);
  return results.every(({ verdict }) => verdict.ok) ? exitCodes.done : exitCodes.problems;
}

export async function modelPath(name: string | undefined, global: GlobalFlags): Promise<number> {
  const folder = modelsFolder(global);
  const path = name === undefined ? folder : join(folder, fileNameOf(checkedName(name)));
  const exists = (await stat(path).catch(() => null)) !== null;
  process.stdout.write(
    global.json === true ? `${JSON.stringify({ path, exists })}\n` : `${path}\n`,
  );
  if (!exists) process.stderr.write(`kc: there is nothing there yet\n`);
  return exists ? exitCodes.done : exitCodes.problems;
}

export async function removeModels(names: string[], global: GlobalFlags): Promise<number> {
  const folder = modelsFolder(global);
  const removed: { name: string; path: string }[] = [];
  for (const name of names) {
    const path = join(folder, fileNameOf(checkedName(name)));
    const part = `${path}.part`;
    const here = await Promise.all([path, part].map((each) => stat(each).catch(() => null)));
    if (here.every((each) => each === null)) throw notHere(name, folder);
    await rm(path, { force: true });
    await rm(part, { force: true });
    removed.push({ name, path });
    if (global.json !== true) process.stdout.write(`Removed ${printable(path)}.\n`);
  }
  if (global.json === true) process.stdout.write(`${JSON.stringify(removed)}\n`);
  return exitCodes.done;
}

/** A name that cannot lead out of the folder. */
function checkedName(name: string): string {
  if (/^[\w][\w.-]*$/.test(name)) return name;
  throw new UserError("bad_name", `"${name}" is no name of a model; kc models list shows them`);
}

async function installedNames(folder: string): Promise<string[]> {
  const files = await Array.fromAsync(new Bun.Glob("ggml-*.bin").scan({ cwd: folder })).catch(
    () => [],
  );
  return files.map((file) => file.slice("ggml-".length, -".bin".length)).sort();
}

async function presentFile(name: string, folder: string): Promise<string> {
  const path = join(folder, fileNameOf(checkedName(name)));
  if ((await stat(path).catch(() => null)) === null) throw notHere(name, folder);
  return path;
}

function notHere(name: string, folder: string): UserError {
  const hint =
    findModel(name) === undefined
      ? suggestion(
          name,
          whisperModels.map((each) => each.name),
        )
      : ` Get it with kc models pull ${name}.`;
  return new UserError("model_missing", `there is no model "${name}" in ${folder}.${hint}`);
}
