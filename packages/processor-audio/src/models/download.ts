/** One request for the missing rest of a file, appended to what is there. Host side; network and disk. */
import { open, stat, truncate } from "node:fs/promises";
import type { WhisperModel } from "./catalogue.ts";
import { ModelError, sizeText } from "./model-error.ts";

/** A server that sends nothing for so long, in ms, is taken for gone. */
const STALL_MS = 60_000;

interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/**
 * Null when the file is complete; a ModelError to return when another attempt may help.
 * @throws ModelError when no other attempt will
 */
export async function download(
  address: string,
  part: string,
  model: WhisperModel,
  { signal, onProgress }: DownloadOptions,
): Promise<ModelError | null> {
  let have = await sizeOf(part);
  if (have > model.bytes) await truncate(part, (have = 0));
  const stall = new AbortController();
  const either = AbortSignal.any([signal, stall.signal]);
  let answered = false;
  const watchdog = setTimeout(() => stall.abort(), STALL_MS);
  try {
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (have > 0) headers["range"] = `bytes=${have}-`;
    const response = await fetch(address, { headers, signal: either });
    answered = true;
    checkAnswer(response, address, model);
    // Without 206 the whole file comes, from its beginning.
    if (response.status !== 206) await truncate(part, (have = 0)).catch(() => {});
    checkSize(response, have, model, address);
    await using file = await open(part, "a");
    for await (const chunk of response.body ?? []) {
      watchdog.refresh();
      await writeAll(file, chunk);
      onProgress((have += chunk.length));
      if (have > model.bytes) throw wrongSize(`over ${model.bytes}`, model, address);
    }
    await file.sync();
    return have === model.bytes ? null : brokenOff(have, model);
  } catch (error) {
    if (signal.aborted)
      throw new ModelError(
        "stopped",
        `stopped; what came of ${model.name} is kept: pull it again to go on`,
      );
    return judge(error, { have, answered }, model, address);
  } finally {
    clearTimeout(watchdog);
  }
}

async function writeAll(
  file: { write(data: Uint8Array): Promise<{ bytesWritten: number }> },
  chunk: Uint8Array,
) {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk.subarray(at))).bytesWritten;
}

function checkAnswer(response: Response, address: string, model: WhisperModel): void {
  if (response.ok) return;
  const message = `${hostOf(address)} answered ${response.status} for the model ${model.name} (${address})`;
  if (response.status === 408 || response.status === 429 || response.status >= 500) {
    throw new ModelError("broken_off", `${message}; try again later`);
  }
  throw new Final(new ModelError("refused", `${message}; is the mirror right?`));
}

/** What the server says of its length, before the first byte is written. */
function checkSize(response: Response, have: number, model: WhisperModel, address: string): void {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
  if (response.status === 206 && range?.[1] !== undefined && Number(range[1]) !== have) {
    throw new ModelError(
      "broken_off",
      `${hostOf(address)} sent another part of the file than was asked for`,
    );
  }
  const total =
    range?.[2] ?? (response.status === 200 ? response.headers.get("content-length") : null);
  if (total !== null && total !== undefined && Number(total) !== model.bytes) {
    throw wrongSize(total, model, address);
  }
}

function wrongSize(got: string, model: WhisperModel, address: string): Final {
  const message = `the file at ${address} has ${got} bytes, and the model ${model.name} has ${model.bytes}: it is another file; use another mirror`;
  return new Final(new ModelError("wrong_size", message));
}

/** No other attempt will help. */
class Final extends Error {
  readonly error: ModelError;
  constructor(error: ModelError) {
    super(error.message);
    this.error = error;
  }
}

function judge(
  error: unknown,
  { have, answered }: { have: number; answered: boolean },
  model: WhisperModel,
  address: string,
): ModelError {
  if (error instanceof Final) throw error.error;
  if (error instanceof ModelError) return error;
  const code = (error as { code?: string }).code ?? "";
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    throw new ModelError(
      "disk_full",
      `there is no room for the rest of the model ${model.name} (${sizeText(model.bytes - have)}); what came is kept: make room and pull it again`,
      { cause: error },
    );
  }
  if (answered || have > 0) return brokenOff(have, model, error);
  return new ModelError(
    "offline",
    `${hostOf(address)} cannot be reached (${(error as Error).message}): models are only pulled from the network; without it, copy the file into the models folder (\`kc models path ${model.name}\` names it) or name a server with --mirror`,
    { cause: error },
  );
}

function brokenOff(have: number, model: WhisperModel, cause?: unknown): ModelError {
  return new ModelError(
    "broken_off",
    `the connection broke off after ${sizeText(have)} of ${sizeText(model.bytes)}; pull ${model.name} again to go on there`,
    { cause },
  );
}

function hostOf(address: string): string {
  return new URL(address).host;
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
