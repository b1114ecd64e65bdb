/** The part of the core that only looks: what a client, a screen or a quick command needs, with nothing heavy behind it. */
export type * from "./control/control.ts";
export type { Report } from "./analytics/report/report.ts";
export { reportAs, reportFormats, type ReportFormat } from "./analytics/report/report-as.ts";
export { verifyOutputs, type OutputState, type VerifiedOutput } from "./control/verify-outputs.ts";
export { createReaderControl } from "./control/reader-control.ts";
export { resolveHome } from "./config/home.ts";
export type { SettingView } from "./config/setting-view.ts";
export type { ProcessorView } from "./plan/describe-processor.ts";
export type { ItemRow, ProblemRow, StepPage, StepRow } from "./ledger/port.ts";
export type { ErrorFacts } from "./model/error-facts.ts";
export type { Event, EventType } from "./model/event.ts";
export { diskTroubleOf, isDiskTrouble } from "./model/disk-trouble.ts";
export { itemStates, isFinal, type ItemCounts, type ItemState } from "./model/item.ts";
export {
  isOver,
  jobIdPattern,
  newJobId,
  STOPPED,
  type Job,
  type JobSpec,
  type JobState,
} from "./model/job.ts";
export { isolationWarning, type Isolation } from "./model/isolation.ts";
export { suggestion } from "./model/nearest.ts";
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
