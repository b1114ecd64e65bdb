/** A temp folder for one test file, removed when its tests are over, however they ended. Test side, I/O. */
import { afterAll } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Call at the top of a test file; each call of the result gives a fresh folder. */
export function tempDirs(name: string): () => string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `kc-test-${name}-`)));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return () => mkdtempSync(join(root, "t"));
}
