/** What planning needs from outside: names to modules, configuration, the ledger. Host, types only. */
import type { Config } from "../config/schema.ts";
import type { Ledger } from "../ledger/port.ts";
import type { Isolation } from "../model/isolation.ts";
import type { ProcessorFacts } from "../model/processor-facts.ts";
import type { Inspections } from "./inspections.ts";

/** What asking a processor needs of it. */
export type InspectDeps = Pick<
  PlanDeps,
  "config" | "tempRoot" | "isolation" | "resolveProcessor" | "grantedEnv"
> & { readonly ledger: Pick<Ledger, "homeId"> };

export interface PlanDeps {
  readonly ledger: Ledger;
  readonly config: Config;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder for the inspectors' temp files. */
  readonly tempRoot: string;
  /** Module of a processor known by name, as an absolute `file:` URL, or null. */
  resolveProcessor(name: string): string | null;
  /** Names that `resolveProcessor` knows, for the message when it does not. */
  readonly processorNames: readonly string[];
  /** Variables of the host that a processor was granted. */
  grantedEnv(
    processor: ProcessorFacts,
    options: Readonly<Record<string, unknown>>,
  ): Record<string, string>;
  /** Where processors are loaded to be asked. */
  readonly isolation: Isolation["kind"];
  /** What processors answered before, for planning. */
  readonly inspections?: Inspections;
  /** Removes the log files of a job's attempts. */
  forgetLogs(jobId: string): Promise<void>;
}
