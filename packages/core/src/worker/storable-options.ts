/** Completes options by a processor's schema into a form that can be stored and parsed again. Worker side. */
import type { Processor } from "@knowledge-chipper/plugin-sdk";
import { parseOptions } from "./parse-options.ts";

/**
 * The schema's output where parsing it again gives the same; what was given where it does not (a schema that turns text into
 * a Date, say): a worker parses what is stored, and must get the same options.
 * @throws OptionsError when the schema refuses them
 */
export async function storableOptions(
  processor: Processor,
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const parsed = await parseOptions(processor, given);
  try {
    const stored = JSON.parse(JSON.stringify(parsed)) as Record<string, unknown>;
    const again = await parseOptions(processor, stored);
    if (Bun.deepEquals(again, parsed, true)) return stored;
  } catch {
    // Not storable in this form.
  }
  return { ...given };
}
