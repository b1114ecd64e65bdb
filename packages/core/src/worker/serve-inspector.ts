/** An inspector's side of the conversation: what a processor is, asked of its own code. Worker side. */
import type { Processor, SourceFile } from "@knowledge-chipper/plugin-sdk";
import { inspectorMethods, MAX_MESSAGE_BYTES } from "../rpc/contract.ts";
import { guardedEndpoint } from "../rpc/guarded-endpoint.ts";
import { serve } from "../rpc/remote.ts";
import type { Transport } from "../rpc/transport.ts";
import { loadProcessor } from "./load-processor.ts";
import { OptionsError, parseOptions } from "./parse-options.ts";
import { processorFacts } from "./processor-facts.ts";
import { storableOptions } from "./storable-options.ts";

export function serveInspector(transport: Transport): void {
  const endpoint = guardedEndpoint({
    transport,
    side: "worker",
    peer: "the host",
    maxBytes: MAX_MESSAGE_BYTES,
    onProtocolError: (error) => {
      throw error;
    },
    onClose: () => process.exit(0),
  });
  let loaded: Processor | null = null;
  const processor = (): Processor => {
    if (loaded === null) throw new Error("nothing is loaded yet: call inspect first");
    return loaded;
  };

  serve(endpoint, inspectorMethods, {
    hello: () => null,
    inspect: async ({ url }) => {
      loaded = await loadProcessor(url);
      return processorFacts(loaded);
    },
    parseOptions: async ({ options }) => {
      try {
        return { ok: true as const, options: await storableOptions(processor(), options) };
      } catch (error) {
        if (error instanceof OptionsError) return { ok: false as const, issues: [...error.issues] };
        throw error;
      }
    },
    requirements: async ({ options, env }) => {
      const it = processor();
      const parsed = await parseOptions(it, options);
      const all = (await it.requirements?.(parsed, { env })) ?? [];
      return all.map((each) => ({
        name: String(each.name),
        met: Boolean(each.met),
        detail: String(each.detail),
        howToGet: String(each.howToGet),
        required: each.required ?? true,
      }));
    },
    estimate: async ({ options, sources }) => {
      const it = processor();
      if (it.kind !== "map" || it.estimate === undefined) return null;
      const parsed = await parseOptions(it, options);
      const bytes: number[] = [];
      for (const source of sources as SourceFile[]) {
        const { memoryBytes } = await it.estimate(source, parsed);
        bytes.push(Number.isFinite(memoryBytes) ? Math.max(0, memoryBytes) : 0);
      }
      return bytes;
    },
  });
}
