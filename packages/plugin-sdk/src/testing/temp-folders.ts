/** The folders of one test run: its temp folder and its staging folder, apart from each other. I/O. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes both; `removeTemp` takes the first, `remove` everything. */
export async function tempFolders() {
  const root = await mkdtemp(join(tmpdir(), "kc-run-"));
  const temp = join(root, "temp");
  const staging = join(root, "staging");
  await mkdir(temp);
  await mkdir(staging);
  return {
    temp,
    staging,
    removeTemp: () => rm(temp, { recursive: true, force: true }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
