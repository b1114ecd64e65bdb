/** Finds the models that are on this machine: by name in the models folder of the home, or by path. Worker, inspector and host side. */
import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { fileNameOf, rankOf } from "./catalogue.ts";
import { readModelHeader } from "./model-header.ts";

export interface InstalledModel {
  /** Name for people and outputs: never a folder. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly multilingual: boolean;
}

/** Models of the folder that can be loaded, the best first. A folder that is not there holds none. */
export async function installedModels(folder: string): Promise<readonly InstalledModel[]> {
  const files = folder === "" ? [] : await readdir(folder).catch(() => []);
  const found = await Promise.all(
    files
      .map((file) => /^ggml-(.+)\.bin$/.exec(file)?.[1])
      .filter((name) => name !== undefined)
      .map((name) => look(name, join(folder, fileNameOf(name)))),
  );
  return found
    .filter((model) => model !== null)
    .sort(
      (a, b) => rankOf(b.name) - rankOf(a.name) || b.bytes - a.bytes || (a.name < b.name ? -1 : 1),
    );
}

export type FoundModel =
  | { readonly found: true; readonly model: InstalledModel }
  | { readonly found: false; readonly why: string };

/** @param wanted a name such as `small`, or the path of a model file */
export async function findInstalled(wanted: string, folder: string): Promise<FoundModel> {
  const isPath = /[\\/]/.test(wanted);
  if (isPath && !isAbsolute(wanted)) {
    return {
      found: false,
      why: `the path of the model must be absolute, for example ${resolve(wanted)}`,
    };
  }
  const path = isPath ? wanted : join(folder, fileNameOf(wanted));
  const info = folder === "" && !isPath ? null : await stat(path).catch(() => null);
  if (info === null || !info.isFile()) {
    return {
      found: false,
      why: isPath ? `there is no model at ${path}` : `the model ${wanted} is not installed`,
    };
  }
  const header = await readModelHeader(path);
  if (!header.ok) return { found: false, why: `${path} cannot be used as a model: ${header.why}` };
  const name = isPath ? nameOf(path) : wanted;
  return {
    found: true,
    model: { name, path, bytes: info.size, multilingual: header.multilingual },
  };
}

async function look(name: string, path: string): Promise<InstalledModel | null> {
  const header = await readModelHeader(path);
  if (!header.ok) return null;
  const { size } = await stat(path);
  return { name, path, bytes: size, multilingual: header.multilingual };
}

function nameOf(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.replace(/^ggml-/, "").replace(/\.bin$/, "");
}
