/** What each processor is and what this machine lacks for it. Host, I/O (inspectors). */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { grantedEnv } from "../config/granted-env.ts";
import type { Env } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import { describeProcessor, type ProcessorView } from "../plan/describe-processor.ts";
import { findingsOf, type Finding } from "./finding.ts";

const { ok, warning, problem } = findingsOf("processors");

/** The processors that come with the program: core knows none itself. */
export interface KnownProcessors {
  readonly names: readonly string[];
  /** Module of one as an absolute `file:` URL. */
  resolve(name: string): string | null;
}

export interface ProcessorsOptions {
  readonly known: KnownProcessors;
  readonly config: Config;
  readonly env: Env;
  /** Folder for the inspectors' temp files. */
  readonly temp: string;
}

export async function lookAtProcessors(options: ProcessorsOptions): Promise<Finding[]> {
  const { known, config, env } = options;
  const tempRoot = await mkdtemp(join(options.temp, "kc-doctor-"));
  try {
    const views = await Promise.all(
      known.names.map((name) =>
        describeProcessor(name, {
          config,
          tempRoot,
          // Not the home's: its next owner clears away what carries that.
          ledger: { homeId: "doctor" },
          resolveProcessor: (one) => known.resolve(one),
          grantedEnv: ({ name: processor, env: names }, values) =>
            grantedEnv({ processor, names, options: values, isShipped: true }, config, env),
          isolation: "process",
        }),
      ),
    );
    return views.flatMap(findings);
  } finally {
    await rm(tempRoot, { recursive: true, force: true });
  }
}

function findings(view: ProcessorView): Finding[] {
  const { name } = view;
  if (!view.usable) {
    const fix = "bun install --frozen-lockfile, in the folder of the program.";
    return [problem(name, `does not load: ${view.error}`, fix)];
  }
  return [
    ok(name, `${view.facts.version}, ${view.facts.description}`),
    ...view.requirements.map((one) => {
      const text = `${one.name}: ${one.detail}`;
      if (one.met) return ok(name, text);
      const kind = one.required ? "missing, and its items fail without" : "missing, optional";
      return warning(name, `${text} (${kind})`, one.howToGet);
    }),
  ];
}
