/** Where the repository lies, however a script was started. Host, pure. */
import { dirname } from "node:path";

export const repoRoot = dirname(dirname(import.meta.dir));
