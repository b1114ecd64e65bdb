/** Brings a published model into the models folder: goes on where an earlier pull stopped, checks size and hash, and only then gives it its name. Host side; network and disk. */
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { addressOf, fileNameOf, type WhisperModel } from "./catalogue.ts";
import { download, sizeOf } from "./download.ts";
import { ModelError, sizeText } from "./model-error.ts";
import { hashFile } from "./verify-model.ts";

export interface PullOptions {
  readonly folder: string;
  /** Base address instead of the published one. */
  readonly mirror?: string | undefined;
  readonly signal: AbortSignal;
  /** Bytes on disk so far; then, from 0 again, bytes checked. */
  readonly onProgress?: (phase: "pull" | "check", bytes: number) => void;
  /** Waits between attempts that brought nothing, in ms. */
  readonly backoffMs?: readonly number[];
}

const BACKOFF_MS = [1_000, 5_000, 15_000];

/**
 * Resolves with the path. What has come so far stays in a `.part` file beside it, also when this process is killed.
 * @throws ModelError
 */
export async function pullModel(model: WhisperModel, options: PullOptions): Promise<string> {
  const target = join(options.folder, fileNameOf(model.name));
  const part = `${target}.part`;
  await mkdir(options.folder, { recursive: true });
  await needSpace(model, part, options.folder);
  await fill(model, part, options);

  const onProgress = (bytes: number) => options.onProgress?.("check", bytes);
  const sha256 = await hashFile(part, { signal: options.signal, onProgress });
  if (sha256 !== model.sha256) {
    await rm(part, { force: true });
    throw new ModelError(
      "wrong_hash",
      `what came as the model ${model.name} is not what was published (sha256 ${sha256} instead of ${model.sha256}); it was thrown away: pull it again, or from another mirror`,
    );
  }
  await rename(part, target);
  await flush(options.folder);
  return target;
}

/** As many attempts as bring something; those that bring nothing are counted. */
async function fill(model: WhisperModel, part: string, options: PullOptions): Promise<void> {
  const backoff = options.backoffMs ?? BACKOFF_MS;
  const address = addressOf(model, options.mirror);
  for (let idle = 0; (await sizeOf(part)) !== model.bytes;) {
    const before = await sizeOf(part);
    const onProgress = (bytes: number) => options.onProgress?.("pull", bytes);
    const failure = await download(address, part, model, { ...options, onProgress });
    if (failure === null) continue;
    if (failure.code === "offline") throw failure;
    idle = (await sizeOf(part)) > before ? 0 : idle + 1;
    const delayMs = backoff[Math.max(0, idle - 1)];
    if (delayMs === undefined) throw failure;
    await wait(delayMs, undefined, { signal: options.signal }).catch(() => {
      throw new ModelError("stopped", `stopped; what came of ${model.name} is kept`);
    });
  }
}

async function needSpace(model: WhisperModel, part: string, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = model.bytes - (await sizeOf(part));
  if (bavail * bsize >= needed) return;
  throw new ModelError(
    "disk_full",
    `the model ${model.name} needs ${sizeText(needed)} more in ${folder}, and there are only ${sizeText(bavail * bsize)}`,
  );
}

async function flush(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
