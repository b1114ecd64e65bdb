/** What can go wrong with a model file, in words for the person who asked for it. Shared, pure. */

export type ModelErrorCode =
  | "offline"
  | "refused"
  | "broken_off"
  | "wrong_size"
  | "wrong_hash"
  | "disk_full"
  | "stopped";

export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code: ModelErrorCode;
  constructor(code: ModelErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** `148 MB`, `1.5 GB`: as shops and download pages count. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
