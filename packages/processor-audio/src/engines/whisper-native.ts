/** Loads the native whisper library of this platform, an optional part of the installation. Worker and inspector side. */
import { existsSync } from "node:fs";

/** The part of the library that is used. Times in ms. */
export interface NativeWhisper {
  WhisperContext: {
    new (options: { filePath: string; useGpu: boolean }): PromiseLike<NativeContext>;
    toggleNativeLog(enabled: boolean, listener?: (level: string, text: string) => void): void;
  };
}

export interface NativeContext {
  transcribeData(
    samples: ArrayBuffer,
    options: { language: string; maxThreads: number; onProgress: (percent: number) => void },
  ): { promise: Promise<NativeResult> };
  release(): Promise<void>;
}

export interface NativeResult {
  readonly language?: string;
  readonly isAborted: boolean;
  readonly segments: readonly { readonly text: string; readonly t0: number; readonly t1: number }[];
}

/** Its processor-only build for this platform: small, and without the script and the GPU variants that the package above it brings. */
const PACKAGE = `@fugood/node-whisper-${process.platform}-${process.arch}`;

/** Path of the library, or null where there is none for this platform or it was left out of the installation. Loads nothing. */
export function findNativeWhisper(): string | null {
  try {
    const path = Bun.resolveSync(PACKAGE, import.meta.dir);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** @throws when the library does not fit the system */
export function loadNativeWhisper(path: string): NativeWhisper {
  return require(path) as NativeWhisper;
}
