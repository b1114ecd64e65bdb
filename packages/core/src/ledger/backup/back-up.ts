/** Copies the ledger of a home while it is in use, in a thread of its own. Host, I/O. */
import { join } from "node:path";
import { type ErrorFacts, errorFromFacts } from "../../model/error-facts.ts";
import { ledgerErrorFrom } from "../errors.ts";

/** @throws LedgerError `backup_exists` when there is a file at `path` */
export function backUp(home: string, path: string): Promise<void> {
  const thread = new Worker(new URL("./thread.ts", import.meta.url).href);
  return new Promise<void>((resolve, reject) => {
    thread.onerror = (event) => reject(new Error(`the backup failed: ${event.message}`));
    thread.onmessage = (event: MessageEvent<{ failed: ErrorFacts | null }>) => {
      const { failed } = event.data;
      if (failed === null) resolve();
      else reject(ledgerErrorFrom(failed) ?? errorFromFacts(failed));
    };
    thread.postMessage({ from: join(home, "ledger.db"), to: path });
  }).finally(() => thread.terminate());
}
