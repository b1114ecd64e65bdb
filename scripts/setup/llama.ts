/** Gets the package that runs language models in a worker, for the tests that need it: it is no dependency of ours. Host, I/O. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
// @boundaries-ignore the packages that users are told to add, and nothing else of it
import { ADD_LLAMA } from "../../packages/processor-summarize/src/llm/find-llama.ts";

const TIME_LIMIT_MS = 240_000;

/** Installs it into a folder of its own and returns that; null where nothing may be installed, or it could not be got. */
export async function provideLlama(
  parent: string,
  mayInstall: boolean,
  say: (line: string) => void,
): Promise<string | null> {
  if (!mayInstall || process.platform !== "linux") return null;
  const folder = join(parent, "llama");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const child = Bun.spawn([process.execPath, ...ADD_LLAMA], {
    cwd: folder,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const [err, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code === 0) return folder;
  say(`node-llama-cpp could not be installed: ${err.trim().split("\n").at(-1) ?? ""}`);
  return null;
}
