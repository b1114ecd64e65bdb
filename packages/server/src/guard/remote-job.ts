/** What a job that comes over a port may ask for: installed processors, options that name no program or address, allowed folders. Host, I/O through Control. */
import type { Control, JobSpec } from "@knowledge-chipper/core";
import type { ProcessorView } from "@knowledge-chipper/core/reading";
import { RequestError } from "../problem.ts";

/** Returns the job as it may be submitted. */
export function createRemoteJobCheck(control: Control, roots: readonly string[]) {
  let known: Promise<readonly ProcessorView[]> | null = null;

  return async (spec: JobSpec): Promise<JobSpec> => {
    const processors = await (known ??= control.processors());
    for (const [at, name] of spec.pipeline.entries()) {
      if (processors.some((each) => each.name === name)) continue;
      throw new RequestError(
        "processor_not_allowed",
        `pipeline.${at}: over a port a job names installed processors only, and there is no "${name}"`,
      );
    }
    for (const [processor, options] of Object.entries(spec.options ?? {})) {
      const local = localOptions(processors.find(({ name }) => name === processor));
      const named = Object.keys(options).find(
        (option) => local.has(option) || leadsElsewhere(options[option]),
      );
      if (named === undefined) continue;
      throw new RequestError(
        "option_not_allowed",
        `options.${processor}.${named} can be set on the machine itself only: it names a program, a file or an address`,
      );
    }
    return { ...spec, roots };
  };
}

/** Also where no schema says so: a path, an address, or the name of a variable that holds a secret. */
function leadsElsewhere(value: unknown): boolean {
  if (typeof value === "string")
    return /^(?:[~/\\]|\.{1,2}(?:[/\\]|$)|[a-z][a-z0-9+.-]*:\S)/i.test(value);
  if (Array.isArray(value)) return value.some(leadsElsewhere);
  return typeof value === "object" && value !== null && Object.values(value).some(leadsElsewhere);
}

/** Options whose schema says `remote: false`. */
function localOptions(processor: ProcessorView | undefined): ReadonlySet<string> {
  if (processor === undefined || !processor.usable) return new Set();
  const { properties = {} } = processor.facts.optionsSchema as {
    properties?: Record<string, { remote?: unknown }>;
  };
  const names = Object.keys(properties).filter((name) => properties[name]?.remote === false);
  return new Set(names);
}
