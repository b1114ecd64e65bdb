/** Teaches Comlink to carry errors whole: name, code, message, cause and stack instead of message and stack alone. Shared. */
import { transferHandlers, type TransferHandler } from "comlink";
import { errorFacts, errorFromFacts, type ErrorFacts } from "../model/error-facts.ts";

/** Comlink keeps its handlers per process, so this is done once, when the endpoint's module loads; doing it again changes nothing. */
export function installErrorCodec(): void {
  const original = transferHandlers.get("throw");
  if (original === undefined) throw new Error("Comlink has no handler for thrown values");
  const handler: TransferHandler<{ value: unknown }, ErrorFacts | Error> = {
    canHandle: (value): value is { value: unknown } => original.canHandle(value),
    serialize: ({ value }) => [errorFacts(value), []],
    deserialize: (sent) => {
      // An Error never comes over the wire: it is one that this side answered itself with, e.g. when the channel closed.
      throw sent instanceof Error ? sent : errorFromFacts(sent);
    },
  };
  transferHandlers.set("throw", handler);
  // No live objects cross the border: without this handler nothing can be turned into a proxy.
  transferHandlers.delete("proxy");
}
