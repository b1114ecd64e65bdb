/** How much a reader takes in, and how it can be stopped between two pieces. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";

/** What a reader is held to. */
export interface ReadLimits {
  /** Most text, in bytes. */
  readonly maxTextBytes: number;
  readonly signal: AbortSignal;
}

/** The option a person raises, as it is written on the command line. */
export const MAX_TEXT_OPTION = "summarize.max_text_mb";

/** @throws PermanentError when `textBytes` of the file `name` are more than the limit */
export function checkTextSize(textBytes: number, name: string, limits: ReadLimits): void {
  if (textBytes <= limits.maxTextBytes) return;
  const megabytes = Number((limits.maxTextBytes / 1e6).toPrecision(3));
  throw new PermanentError(
    `${name} holds more than ${megabytes} MB of text: raise ${MAX_TEXT_OPTION} or split the file`,
    { code: "too_large" },
  );
}

/** Lets timers and messages in between two pieces of work, and stops when the step was cancelled. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await Bun.sleep(0);
  signal.throwIfAborted();
}
