/** What an installed processor is, what it takes, and what this machine lacks for it. Host, I/O (an inspector). */
import type { ProcessorFacts, RequirementFacts } from "../model/processor-facts.ts";
import type { InspectDeps } from "./plan-deps.ts";
import { withInspector } from "./resolve-stages.ts";

export type ProcessorView =
  | {
      readonly name: string;
      readonly usable: true;
      readonly facts: ProcessorFacts;
      /** With the options of the configuration. */
      readonly requirements: readonly RequirementFacts[];
    }
  /** Its module does not load. */
  | { readonly name: string; readonly usable: false; readonly error: string };

/** Of a processor known by name. */
export async function describeProcessor(name: string, deps: InspectDeps): Promise<ProcessorView> {
  const url = deps.resolveProcessor(name);
  if (url === null) return { name, usable: false, error: `there is no processor "${name}"` };
  try {
    return await withInspector(url, deps, async (inspector) => {
      const { facts } = inspector;
      const parsed = await inspector.parseOptions(deps.config.processors[facts.name] ?? {});
      const options = parsed.ok ? parsed.options : {};
      const requirements = await inspector.requirements(options, deps.grantedEnv(facts, options));
      return { name, usable: true, facts, requirements };
    });
  } catch (error) {
    return { name, usable: false, error: error instanceof Error ? error.message : String(error) };
  }
}
