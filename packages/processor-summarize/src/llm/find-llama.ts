/** Finds node-llama-cpp, which is no dependency of ours: whoever wants it installs it in a folder of its own. Worker side, looks at the disk. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { SummarizeOptions } from "../options.ts";

/** The CPU part alone: the package would bring 700 MB of libraries for graphics cards along. */
export const ADD_LLAMA = [
  ...["add", "--ignore-scripts", "--omit", "optional"],
  ...["node-llama-cpp@3.22.1", `@node-llama-cpp/linux-${process.arch}@3.22.1`],
];
export const INSTALL_LLAMA =
  "mkdir -p ~/.local/share/knowledge_chipper/llama && cd ~/.local/share/knowledge_chipper/llama && " +
  `bun ${ADD_LLAMA.join(" ")}`;

/** Where it is looked for. */
export function llamaDir(
  { llama_dir }: Pick<SummarizeOptions, "llama_dir">,
  env: Readonly<Record<string, string>>,
): string {
  if (llama_dir !== "") return llama_dir;
  const data = env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  return join(data, "knowledge_chipper", "llama");
}

/** Its entry module, or null. */
export function findLlama(folder: string): string | null {
  const path = join(folder, "node_modules", "node-llama-cpp", "dist", "index.js");
  return existsSync(path) ? path : null;
}
