/** Fingerprints of many files, taken in a thread; a drive that stops answering costs the file in hand, not the batch. Host, owns a thread. */
import type { ThreadReport } from "./fingerprint-thread.ts";
import { quoted } from "./notice.ts";
import { failed, type FingerprintRequest, type FingerprintResult } from "./take-fingerprint.ts";

export interface FingerprintPool {
  /** One result for each request, in their order; never rejects for what is wrong with a file. */
  fingerprintAll(requests: readonly FingerprintRequest[]): Promise<FingerprintResult[]>;
  /** Ends the thread; what is still waited for fails. */
  close(): Promise<void>;
}

export interface FingerprintPoolOptions {
  /** How long a file may go without a byte before it is given up. Default 300,000 ms (`file_operation_timeout_seconds`). */
  readonly stallMs?: number;
  /** The thread's entry; another one only in tests. */
  readonly thread?: URL;
}

export function createFingerprintPool(options: FingerprintPoolOptions = {}): FingerprintPool {
  const stallMs = options.stallMs ?? 300_000;
  const entry = options.thread ?? new URL("./fingerprint-thread.ts", import.meta.url);
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closing: (() => void) | null = null;
  let closed = false;

  /** Runs requests from the first on, until all are answered or one stalls; answers what it got. */
  function run(requests: readonly FingerprintRequest[]): Promise<FingerprintResult[]> {
    const current = (thread ??= new Worker(entry.href));
    const results: FingerprintResult[] = [];
    return new Promise((resolve) => {
      let timer = setTimeout(stalled, stallMs);
      function finish(): void {
        clearTimeout(timer);
        closing = null;
        current.onmessage = null;
        current.onerror = null;
        current.unref();
        resolve(results);
      }
      function giveUp(why: string): void {
        results.push(failed("input_unreadable", why));
        thread = null;
        finish();
        current.terminate();
      }
      function stalled(): void {
        const name = quoted(requests[results.length]?.relativePath ?? "");
        const seconds = Number((stallMs / 1_000).toFixed(1));
        giveUp(`${name} gave no data for ${seconds} s. Check the drive it is on, then retry.`);
      }
      closing = () => giveUp("Reading was stopped. Retry.");
      current.ref();
      current.onmessage = ({ data }: MessageEvent<ThreadReport>) => {
        clearTimeout(timer);
        timer = setTimeout(stalled, stallMs);
        if ("alive" in data) return;
        results[data.at] = data.result;
        if (results.length === requests.length) finish();
      };
      current.onerror = ({ message }) => {
        const name = quoted(requests[results.length]?.relativePath ?? "");
        giveUp(`${name} could not be read: ${message}. Retry; if it happens again, report it.`);
      };
      current.postMessage(
        requests.map(({ path, relativePath, planned }) => ({ path, relativePath, planned })),
      );
    });
  }

  async function runAll(requests: readonly FingerprintRequest[]): Promise<FingerprintResult[]> {
    const results: FingerprintResult[] = [];
    while (results.length < requests.length) {
      if (closed) results.push(failed("input_unreadable", "Reading was stopped. Retry."));
      else results.push(...(await run(requests.slice(results.length))));
    }
    return results;
  }

  return {
    fingerprintAll(requests) {
      const mine = last.then(() => runAll(requests));
      last = mine.catch(() => {});
      return mine;
    },
    async close() {
      closed = true;
      closing?.();
      thread?.terminate();
      thread = null;
      await last;
    },
  };
}
