/** Entry of the short-lived thread that copies a ledger, so that neither screens nor commits wait for it. Thread, I/O (SQLite). */
import { copyLedger } from "./copy-ledger.ts";
import { errorFacts } from "../../model/error-facts.ts";

globalThis.addEventListener("message", (event) => {
  const { from, to } = (event as MessageEvent<{ from: string; to: string }>).data;
  try {
    copyLedger(from, to);
    globalThis.postMessage({ failed: null });
  } catch (thrown) {
    globalThis.postMessage({ failed: errorFacts(thrown) });
  }
});
