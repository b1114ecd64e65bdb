/** Settles the output folder before anything is planned: it exists, is a folder, and takes files. Host, I/O. */
import { mkdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { PROBE_NAME } from "../model/probe-folder.ts";
import { UserError } from "../model/user-error.ts";

export interface OutDir {
  /** Canonical. */
  readonly path: string;
  /** It was not there before: it goes again when nothing comes of the job. */
  readonly isNew: boolean;
}

/** Makes the folder where needed. @throws UserError that says what is in the way */
export async function prepareOutDir(outDir: string, home: string): Promise<OutDir> {
  const made = await mkdir(outDir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw cannot(outDir, error);
  });
  const real = await realpath(outDir);
  if (!(await stat(real)).isDirectory()) {
    throw new UserError("out_dir_not_a_folder", `${outDir} is a file; --out needs a folder`);
  }
  if (isInside(real, home)) {
    throw new UserError(
      "out_dir_in_home",
      `${outDir} lies in the home ${home}; choose another folder`,
    );
  }
  const probe = join(real, PROBE_NAME);
  try {
    await writeFile(probe, "");
  } catch (error) {
    throw cannot(outDir, error as NodeJS.ErrnoException);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
  return { path: real, isNew: made !== undefined };
}

/** Canonical path of a folder that may not exist yet. */
export async function futureRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await futureRealPath(parent), path.slice(parent.length));
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !way.startsWith("/"));
}

function cannot(outDir: string, error: NodeJS.ErrnoException): UserError {
  const isFile = error.code === "EEXIST" || error.code === "ENOTDIR";
  return new UserError(
    isFile ? "out_dir_not_a_folder" : "out_dir_not_writable",
    isFile
      ? `${outDir} (or a part of it) is a file; --out needs a folder`
      : `cannot write to the output folder ${outDir}: ${error.message}. Choose another with --out, or change its permissions`,
    { cause: error },
  );
}
