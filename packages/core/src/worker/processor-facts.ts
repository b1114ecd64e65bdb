/** A processor described in plain data. Worker side, pure. */
import type { Processor } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";
import type { ProcessorFacts } from "../model/processor-facts.ts";

/** The facts without the URL, which the host knows better. */
export function processorFacts(processor: Processor): ProcessorFactsFromWorker {
  const accepts = processor.accepts ?? {};
  return {
    name: processor.name,
    version: processor.version,
    sdk: processor.sdk,
    kind: processor.kind,
    description: String(processor.description ?? ""),
    accepts: {
      roles: [...(accepts.roles ?? [])],
      extensions: [...(accepts.extensions ?? [])],
      mimeTypes: [...(accepts.mimeTypes ?? [])],
    },
    produces: [...processor.produces],
    estimates: processor.kind === "map" && processor.estimate !== undefined,
    env: [...(processor.env ?? [])],
    optionsSchema: jsonSchema(processor.options),
  };
}

type ProcessorFactsFromWorker = {
  -readonly [K in Exclude<keyof ProcessorFacts, "url">]-?: Mutable<
    Exclude<ProcessorFacts[K], undefined>
  >;
};
type Mutable<T> = T extends readonly (infer E)[]
  ? E[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** JSON Schema of what may be given; `{}` where the schema cannot be put into one. */
function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  try {
    const made = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    return JSON.parse(JSON.stringify(made)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
