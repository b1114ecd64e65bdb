/** The hand-written vault as items of a job, the way the host would hand them over. For tests; reads folders. */
import { readdirSync, existsSync } from "node:fs";
import { extname, join } from "node:path";
import type { ArtifactSpec, GatherItemSpec } from "@knowledge-chipper/plugin-sdk/testing";

export const VAULT = join(import.meta.dir, "fixtures", "vault");
const ROLES: readonly (readonly [role: string, ending: string])[] = [
  ["claims", "_claims.yaml"],
  ["summary", "_summary.md"],
  ["transcript", "_transcript.md"],
  ["segments", "_segments.json"],
];

/** All items of the vault in item order. */
export function vaultItems(): GatherItemSpec[] {
  return (readdirSync(join(VAULT, "in"), { recursive: true }) as string[])
    .filter((path) => extname(path) !== "")
    .sort()
    .map((path) => ({
      source: join(VAULT, "in", path),
      relativePath: path,
      artifacts: artifactsOf(path.slice(0, -extname(path).length)),
    }));
}

function artifactsOf(stem: string): ArtifactSpec[] {
  return ROLES.flatMap(([role, ending]) => {
    const relativePath = `${stem}${ending}`;
    const path = join(VAULT, "out", relativePath);
    return existsSync(path) ? [{ role, path, relativePath }] : [];
  });
}
