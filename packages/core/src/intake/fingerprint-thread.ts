/** The thread that takes fingerprints, so that hashing gigabytes never holds up a screen. Host, a Bun Worker's entry. */
import {
  takeFingerprint,
  type FingerprintRequest,
  type FingerprintResult,
} from "./take-fingerprint.ts";

declare const self: Worker;

/** What the thread says: a result by the number of its request, or only that bytes are still coming. */
export type ThreadReport =
  | { readonly at: number; readonly result: FingerprintResult }
  | { readonly alive: true };

/** Often enough to be told from a stuck drive, seldom enough to cost nothing. */
const ALIVE_EVERY_MS = 250;

let saidAt = 0;

function say(report: ThreadReport): void {
  saidAt = performance.now();
  self.postMessage(report);
}

self.onmessage = async ({ data }: MessageEvent<readonly FingerprintRequest[]>) => {
  for (const [at, request] of data.entries()) {
    const result = await takeFingerprint(request, () => {
      if (performance.now() - saidAt > ALIVE_EVERY_MS) say({ alive: true });
    });
    say({ at, result });
  }
};
