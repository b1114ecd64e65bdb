/** Refuses to go on with a Bun that is too old, and says what to do. Runs before anything is installed. Host, I/O. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "./repo-root.ts";

/** Ends the process with exit code 2 when this Bun is older than package.json asks for. */
export function requireBun(script: string): void {
  const { engines, packageManager } = JSON.parse(
    readFileSync(join(repoRoot, "package.json"), "utf8"),
  ) as { engines: { bun: string }; packageManager: string };
  if (Bun.semver.satisfies(Bun.version, engines.bun)) return;
  console.error(
    `Knowledge Chipper needs Bun ${engines.bun.replace(">=", "")} or newer; this is Bun ${Bun.version}.\n` +
      `Update it with: bun upgrade\n` +
      `or leave yours as it is and run: npx --yes ${packageManager} run ${script}`,
  );
  process.exit(2);
}
