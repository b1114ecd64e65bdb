/** The corpus as a job: a copy of it in a test's own folder, and what that test needs to run it whole. I/O. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./kc.ts";
import type { Workspace } from "./workspace.ts";

export const CORPUS = join(repository, "tests/fixtures/corpus");

/** The engine of the spoken part; ffmpeg decodes its opus, and so does a codec of ours. */
export const SPEECH_ENGINE =
  Bun.which("pocketsphinx_continuous") ?? Bun.which("pocketsphinx_batch");

/** Copies parts of the corpus to `in/` of the workspace. */
export function copyCorpus(space: Workspace, parts: readonly string[]): void {
  for (const part of parts) {
    const from = join(CORPUS, part);
    if (existsSync(from)) cpSync(from, space.at("in", part), { recursive: true });
  }
}
