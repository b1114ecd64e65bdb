/** Puts a whole new text in the place of a file, which is there entirely old or entirely new at every moment. Host, I/O. */
import { chmod, mkdir, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Settings may hold keys of services. */
const NEW_MODE = 0o600;

/** Makes folders where there are none. A link stays a link, and a file keeps its mode. */
export async function replaceFile(file: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const real = await realpath(file).catch(() => file);
  const mode = await stat(real).then(
    (facts) => facts.mode & 0o777,
    () => NEW_MODE,
  );
  const draft = `${real}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flush: true, mode });
    await chmod(draft, mode);
    await rename(draft, real);
    await using folder = await open(dirname(real), "r");
    await folder.sync();
  } finally {
    await rm(draft, { force: true });
  }
}
