/** Pipeline names to inspected stages with parsed options: everything wrong with them is found before a job exists. Host, I/O. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { JobSpec, Stage } from "../model/job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import { UserError } from "../model/user-error.ts";
import { InspectError } from "../supervisor/inspect-error.ts";
import { inspectProcessor, type Inspector } from "../supervisor/inspect.ts";
import { suggestion } from "../model/nearest.ts";
import { canonical } from "./canonical.ts";
import type { Inspections } from "./inspections.ts";
import type { InspectDeps, PlanDeps } from "./plan-deps.ts";

/** Tries to load a processor before its module is said to crash. */
const INSPECTIONS = 3;

export interface ResolvedStages {
  readonly stages: readonly Stage[];
  /** Required things that the machine lacks, by stage. */
  readonly missing: readonly (readonly RequirementFacts[])[];
}

/** @throws UserError for an unknown or unloadable processor, or a bad option */
export async function resolveStages(spec: JobSpec, deps: PlanDeps): Promise<ResolvedStages> {
  if (spec.pipeline.length === 0)
    throw new UserError("empty_pipeline", "the pipeline has no stage");
  const urls = spec.pipeline.map((name) => urlOf(name, deps));
  const resolved = await Promise.all(urls.map((url) => inspectStage(url, spec, deps)));
  const names = resolved.map(({ stage }) => stage.processor.name);
  refuseTwins(names);
  refuseStrayOptions(spec, names);
  return {
    stages: resolved.map(({ stage }) => stage),
    missing: resolved.map(({ missing }) => missing),
  };
}

/** Required things that are missing now, by stage; asked again at each start, since people install what is asked for. */
export async function checkRequirements(
  stages: readonly Stage[],
  deps: PlanDeps,
): Promise<RequirementFacts[][]> {
  return Promise.all(
    stages.map(({ processor, options }) =>
      withInspector(processor.url, deps, (inspector) => missingOf(inspector, options, deps)),
    ),
  );
}

async function inspectStage(
  url: string,
  spec: JobSpec,
  deps: PlanDeps,
): Promise<{ stage: Stage; missing: RequirementFacts[] }> {
  const ask = async (inspector: Inspector) => {
    const { facts } = inspector;
    const given = { ...deps.config.processors[facts.name], ...spec.options?.[facts.name] };
    refuseUnknownOptions(facts.name, given, facts.optionsSchema);
    const parsed = await inspector.parseOptions(given);
    if (!parsed.ok) throw badOptions(facts.name, parsed.issues);
    const stage: Stage = {
      processor: facts,
      options: parsed.options,
      optionsHash: hashOptions(parsed.options),
    };
    return { stage, missing: await missingOf(inspector, parsed.options, deps) };
  };
  return withInspector(url, deps, ask, deps.inspections);
}

/** Asks in an inspector; one that dies (someone killed it, memory was short) is replaced before the processor gets the blame. */
export async function withInspector<T>(
  url: string,
  deps: InspectDeps,
  use: (inspector: Inspector) => Promise<T>,
  /** Answers from before that will do; else each question is put anew. */
  inspections?: Inspections,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await askOnce(url, deps, use, inspections);
    } catch (error) {
      if (!(error instanceof InspectError)) throw error;
      if (error.code === "inspector_crashed" && tries < INSPECTIONS) continue;
      throw new UserError(error.code, error.message, { cause: error });
    }
  }
}

async function askOnce<T>(
  url: string,
  deps: InspectDeps,
  use: (inspector: Inspector) => Promise<T>,
  inspections?: Inspections,
): Promise<T> {
  const open = () =>
    inspectProcessor({
      url,
      homeId: deps.ledger.homeId,
      tempDir: deps.tempRoot,
      timeoutMs: deps.config.process_isolation.startup_timeout_seconds * 1_000,
      inThread: deps.isolation === "thread",
    });
  const inspector = await (inspections?.over(url, open) ?? open());
  try {
    return await use(inspector);
  } finally {
    await inspector.close();
  }
}

async function missingOf(
  inspector: Inspector,
  options: Readonly<Record<string, unknown>>,
  { grantedEnv }: PlanDeps,
): Promise<RequirementFacts[]> {
  const all = await inspector.requirements(options, grantedEnv(inspector.facts, options));
  return all.filter((requirement) => requirement.required && !requirement.met);
}

/** A name, or the path of a module. */
function urlOf(name: string, { resolveProcessor, processorNames, cwd }: PlanDeps): string {
  if (/[/\\]|\.[cm]?[jt]s$/.test(name)) {
    const path = resolve(cwd, name);
    if (existsSync(path)) return pathToFileURL(path).href;
    throw new UserError("unknown_processor", `there is no processor module at ${path}`);
  }
  const url = resolveProcessor(name);
  if (url !== null) return url;
  throw new UserError(
    "unknown_processor",
    `there is no processor "${name}".${suggestion(name, processorNames)}`,
  );
}

function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  throw new UserError("processor_twice", `the pipeline names the processor "${twin}" twice`);
}

function refuseStrayOptions(spec: JobSpec, names: readonly string[]): void {
  for (const name of Object.keys(spec.options ?? {})) {
    if (names.includes(name)) continue;
    throw new UserError(
      "unknown_processor",
      `options are set for "${name}", which is not in the pipeline.${suggestion(name, names)}`,
    );
  }
}

function refuseUnknownOptions(
  processor: string,
  given: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
): void {
  const known = Object.keys((schema["properties"] ?? {}) as Record<string, unknown>);
  if (schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false)
    return;
  for (const option of Object.keys(given)) {
    if (known.includes(option)) continue;
    throw new UserError(
      "unknown_option",
      `processor "${processor}" has no option "${option}".${suggestion(option, known)}`,
    );
  }
}

function badOptions(
  processor: string,
  issues: readonly { path: string; message: string }[],
): UserError {
  const list = issues.map(({ path, message }) => `  ${processor}.${path}: ${message}`).join("\n");
  return new UserError(
    "bad_option",
    `processor "${processor}" does not take these options:\n${list}`,
  );
}

function hashOptions(options: Readonly<Record<string, unknown>>): string {
  return new Bun.CryptoHasher("sha256").update(canonical(options)).digest("hex").slice(0, 16);
}
