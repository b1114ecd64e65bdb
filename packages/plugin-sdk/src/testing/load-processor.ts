/** Loads the processor a module exports by default; for tests, in this process. I/O. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import type { Processor } from "../processor.ts";

/** Returns a definition as it is, and the default export of a module given by path or `file:` URL. */
export async function loadProcessor<Schema extends z.ZodType>(
  given: Processor<Schema> | string | URL,
): Promise<Processor<Schema>> {
  if (typeof given !== "string" && !(given instanceof URL)) return given;
  const url = String(given).startsWith("file:") ? given : pathToFileURL(resolve(String(given)));
  const module = (await import(String(url))) as { default?: Processor<Schema> };
  if (typeof module.default?.process === "function") return module.default;
  throw new TypeError(
    `${String(given)} exports no processor: write \`export default defineProcessor({ ... })\``,
  );
}
