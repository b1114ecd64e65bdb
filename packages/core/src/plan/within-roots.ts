/** Keeps a job that came over a port within the folders it was allowed: what is given, what links lead to, where results go. Host, I/O. */
import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { PlannedItem } from "../model/item.ts";
import type { JobSpec } from "../model/job.ts";
import { UserError } from "../model/user-error.ts";
import { futureRealPath } from "./prepare-out-dir.ts";

/** @throws UserError for a path or an output folder outside; says nothing of whether it exists */
export async function refuseOutside(spec: JobSpec, outDir: string, cwd: string): Promise<void> {
  const roots = await realRoots(spec);
  if (roots === null) return;
  for (const path of [...spec.paths, outDir]) {
    if (!isBelow(await futureRealPath(resolve(cwd, path)), roots)) throw outside(path);
  }
}

/** Leaves out items that a link in a given folder leads away to. */
export async function* withinRoots(
  items: AsyncGenerator<PlannedItem>,
  spec: JobSpec,
): AsyncGenerator<PlannedItem> {
  const roots = await realRoots(spec);
  for await (const item of items) if (roots === null || isBelow(item.path, roots)) yield item;
}

/** Null: anywhere. A root that is not there allows nothing. */
async function realRoots({ roots }: JobSpec): Promise<readonly string[] | null> {
  if (roots === undefined) return null;
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => null)));
  return real.filter((root) => root !== null);
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(root === sep ? sep : root + sep));
}

function outside(path: string): UserError {
  return new UserError(
    "path_not_allowed",
    `${path} lies outside the folders that this server may touch; its --root allows more`,
  );
}
