/** What a worker says of an error that nobody caught, before it ends because of it. Worker side. */
import { errorFacts } from "../model/error-facts.ts";
import type { Fact } from "../rpc/contract.ts";

/**
 * Ends the process with code 1 when something is thrown outside every call: after that nobody knows what still works. The
 * fact is written to the socket before the exit; it is far smaller than what an exit could lose.
 */
export function sayLastWords(tell: (fact: Fact) => void, flush: () => void): void {
  const die = (thrown: unknown) => {
    try {
      tell({ fact: "last-words", error: errorFacts(thrown, "uncaught") });
      flush();
    } finally {
      process.exit(1);
    }
  };
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
}
