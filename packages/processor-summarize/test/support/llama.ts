/** Where tests find node-llama-cpp, which is no dependency of ours. I/O. */
import { findLlama, llamaDir } from "../../src/llm/find-llama.ts";

const env = process.env["XDG_DATA_HOME"];

/** Its folder: `KC_TEST_LLAMA_DIR`, else where users install it; null when it is in neither. */
export const llamaFolder: string | null =
  [
    process.env["KC_TEST_LLAMA_DIR"] ?? "",
    llamaDir({ llama_dir: "" }, env === undefined ? {} : { XDG_DATA_HOME: env }),
  ].find((folder) => folder !== "" && findLlama(folder) !== null) ?? null;
