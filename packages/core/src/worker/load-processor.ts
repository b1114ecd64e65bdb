/** Loads a processor's module and checks that it is one. Worker side: the module's code runs here and nowhere else. */
import { SDK_VERSION, type Processor } from "@knowledge-chipper/plugin-sdk";
import { provideModules } from "./provide-modules.ts";

/** A module that cannot be used as a processor; the message says what to change. */
class ProcessorLoadError extends Error {
  override readonly name = "ProcessorLoadError";
  readonly code: "processor_not_loadable" | "not_a_processor" | "sdk_mismatch";
  constructor(code: ProcessorLoadError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/**
 * Imports the module and returns its default export.
 * @param url absolute `file:` URL
 * @throws ProcessorLoadError
 */
export async function loadProcessor(url: string): Promise<Processor> {
  provideModules();
  let module: { readonly default?: unknown };
  try {
    module = (await import(url)) as { readonly default?: unknown };
  } catch (error) {
    throw new ProcessorLoadError(
      "processor_not_loadable",
      `${pathOf(url)} cannot be loaded: ${messageOf(error)}`,
      error,
    );
  }
  return checkProcessor(module.default, pathOf(url));
}

/** Names the first thing that keeps a value from being a processor. */
function checkProcessor(value: unknown, where: string): Processor {
  const refuse = (problem: string) =>
    new ProcessorLoadError(
      "not_a_processor",
      `${where} is not a processor: ${problem}. A processor module ends with \`export default defineProcessor({ ... })\``,
    );
  if (typeof value !== "object" || value === null) throw refuse("it has no default export");

  const it = value as Partial<Record<keyof Processor | "accepts" | "process", unknown>>;
  if (typeof it.name !== "string" || !/^[a-z][a-z0-9-]*$/.test(it.name)) {
    throw refuse("its `name` must be lower-case letters, digits and hyphens, e.g. `word-count`");
  }
  if (typeof it.sdk !== "number")
    throw refuse("its `sdk` must be the contract's version, a number");
  if (it.sdk !== SDK_VERSION) {
    throw new ProcessorLoadError(
      "sdk_mismatch",
      `${it.name} (${where}) was written for version ${it.sdk} of the processor contract, and this Knowledge Chipper speaks version ${SDK_VERSION}: install a version of the processor that does`,
    );
  }
  if (typeof it.version !== "string") throw refuse("its `version` must be text, e.g. `1.0.0`");
  if (it.kind !== "map" && it.kind !== "gather") throw refuse("its `kind` must be map or gather");
  if (it.kind === "map" && !isObject(it.accepts)) {
    throw refuse("its `accepts` must say which inputs it takes");
  }
  for (const [key, list] of Object.entries({
    ...(it.accepts as object | undefined),
    env: it.env,
  })) {
    if (list !== undefined && !isTexts(list))
      throw refuse(`its \`${key}\` must be a list of texts`);
  }
  if (!isTexts(it.produces)) throw refuse("its `produces` must be a list of artifact roles");
  if (!isSchema(it.options))
    throw refuse("its `options` must be a zod schema, e.g. `z.object({})`");
  if (typeof it.process !== "function") throw refuse("its `process` must be a function");
  return value as Processor;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isSchema(value: unknown): boolean {
  return typeof (value as { safeParseAsync?: unknown } | null)?.safeParseAsync === "function";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pathOf(url: string): string {
  return url.startsWith("file:") ? Bun.fileURLToPath(url) : url;
}
