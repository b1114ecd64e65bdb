/** `bun run demo`: turns the example documents and recordings into notes, and shows what came out. Host, I/O. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listOutputs } from "./demo/list-outputs.ts";
import { requireBun } from "./setup/bun-version.ts";
import { installPackages } from "./setup/install.ts";
import { repoRoot } from "./setup/repo-root.ts";
import { howToGet, provideTools } from "./setup/system-tools.ts";

const OUT = "output/demo";
const HOME = "output/demo-home";
const SUMMARY_LINES = 10;

// Nothing that is imported here may need node_modules: it does not exist before `installPackages`.
requireBun("demo");
process.exitCode = await demo();

async function demo(): Promise<number> {
  try {
    await installPackages();
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  const paths = ["examples/documents", ...(await recordings())];
  for (const folder of [OUT, HOME])
    rmSync(join(repoRoot, folder), { recursive: true, force: true });

  const args = ["--home", HOME, "run", ...paths, "--out", OUT, "--name", "demo"];
  say(`$ bun kc ${args.join(" ")}\n`);
  const code = await runKc(args);
  say("");
  showOutputs();
  if (code === 0) {
    say(
      `What happened: each file went through its stages in worker processes of their own. What was`,
    );
    say(
      `finished is recorded in ${HOME}, so nothing is lost when something dies. Now try it with your`,
    );
    say(`own files: bun kc run FOLDER --out notes`);
  } else {
    say(`The demo did not go as it should (exit code ${code}); the reason stands above.`);
    say(`The logs are in ${HOME}/logs.`);
  }
  return code;
}

/** The recordings, where an engine can hear them; else says how to get one. */
async function recordings(): Promise<string[]> {
  const missing = await provideTools(["pocketsphinx"], say);
  if (missing.length === 0) return ["examples/recordings"];
  say("There is no speech engine on this machine, so the demo leaves the recordings out.");
  say(`${howToGet(missing)}\n`);
  return [];
}

async function runKc(args: readonly string[]): Promise<number> {
  // The demo shows the defaults, whatever is set for real work.
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith("KC_"));
  const child = Bun.spawn([process.execPath, "packages/cli/src/main.ts", ...args], {
    cwd: repoRoot,
    env: Object.fromEntries(env),
    stdio: ["inherit", "inherit", "inherit"],
  });
  // Ctrl-C reaches the command itself; wait for it to come to its own orderly end.
  const wait = (): void => {};
  process.on("SIGINT", wait);
  const forward = (): void => child.kill("SIGTERM");
  process.on("SIGTERM", forward);
  const code = await child.exited;
  process.off("SIGINT", wait).off("SIGTERM", forward);
  return code;
}

function showOutputs(): void {
  const folder = join(repoRoot, OUT);
  if (!existsSync(folder)) return;
  const { lines, summary } = listOutputs(folder);
  say(`${OUT}/`);
  for (const line of lines) say(`  ${line}`);
  say("");
  if (summary === null) return;
  const text = body(readFileSync(join(folder, summary), "utf8")).split("\n");
  say(`From ${OUT}/${summary}:\n`);
  for (const line of text.slice(0, SUMMARY_LINES)) say(`  | ${line}`);
  if (text.length > SUMMARY_LINES) say(`  | … ${text.length - SUMMARY_LINES} more lines`);
  say("");
}

/** A note without the block of facts that it begins with. */
function body(note: string): string {
  return note.replace(/^---\n[\s\S]*?\n---\n/, "").trim();
}

function say(line: string): void {
  console.log(line);
}
