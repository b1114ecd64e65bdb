/** What the rest of the program may use of the core. */
export type * from "./control/control.ts";
export { createLocalControl, type LocalControl } from "./control/local-control.ts";
export { createReaderControl } from "./control/reader-control.ts";
export { openHome, type Home, type HomeOptions } from "./home.ts";
export { ConfigError, type ConfigProblem } from "./config/config-error.ts";
export { setConfigKey } from "./config/edit-file.ts";
export { userConfigFile } from "./config/find-file.ts";
export { allKeys, keyFacts, type KeyFacts } from "./config/key-facts.ts";
export { shippedFile } from "./config/reference.ts";
export { isTrusted, trust } from "./config/trust.ts";
export { loadConfig, type LoadedConfig } from "./config/load.ts";
export { resolveHome } from "./config/home.ts";
export type { Config } from "./config/schema.ts";
export { HomeHeldError } from "./ledger/home-lock.ts";
export type { ProblemRow, StepPage, StepRow } from "./ledger/port.ts";
export type { ErrorFacts } from "./model/error-facts.ts";
export type { Event, EventType } from "./model/event.ts";
export { itemStates, isFinal, type ItemCounts, type ItemState } from "./model/item.ts";
export {
  isOver,
  jobIdPattern,
  newJobId,
  type Job,
  type JobSpec,
  type JobState,
} from "./model/job.ts";
export type { Notice } from "./model/notice.ts";
export { printable, printableLines } from "./model/printable.ts";
export {
  stepStates,
  type Artifact,
  type AttemptCounts,
  type CrashDossier,
  type CrashFacts,
} from "./model/step.ts";
export { UserError } from "./model/user-error.ts";
export { suggestion } from "./model/nearest.ts";
