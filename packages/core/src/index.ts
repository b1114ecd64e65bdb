/** What the rest of the program may use of the core. */
export * from "./reading.ts";
export { createLocalControl, type LocalControl } from "./control/local-control.ts";
export { openHome, type Home, type HomeOptions } from "./home.ts";
export { ConfigError, type ConfigProblem } from "./config/config-error.ts";
export { checkConfigFile, problemText, type CheckedFile } from "./config/check-file.ts";
export { setConfigKey, splitPath } from "./config/edit-file.ts";
export { exportConfig } from "./config/export-config.ts";
export { findConfigFile, userConfigFile } from "./config/find-file.ts";
export { allKeys, keyFacts, type KeyFacts } from "./config/key-facts.ts";
export { parseConfig } from "./config/read-file.ts";
export { settle } from "./config/settle.ts";
export { shippedFile } from "./config/reference.ts";
export { distrust, isTrusted, trust, trustedFolders } from "./config/trust.ts";
export { ProcessIsolationConfig } from "./config/process-isolation-config.ts";
export { replaceFile } from "./config/replace-file.ts";
export { settingViews } from "./config/setting-view.ts";
export { reloadableKeys } from "./config/reload.ts";
export { loadConfig, type LoadedConfig } from "./config/load.ts";
export type { Config } from "./config/schema.ts";
export { writeBundle, type WrittenBundle } from "./diagnostics/bundle.ts";
export type { Finding } from "./diagnostics/finding.ts";
export {
  generateDiagnosticsReport,
  type DiagnosticsOptions,
  type DiagnosticsReport,
} from "./diagnostics/generate.ts";
export { diagnosticsText } from "./diagnostics/report-text.ts";
export { cleanHome, planCleaning, type CleanPlan } from "./clean-home.ts";
export { lockHome } from "./lock-home.ts";
export { openLedger } from "./ledger/open.ts";
export { makeBackup, type MadeBackup } from "./ledger/backup/backup-file.ts";
export { ledgerFolderOf } from "./ledger/ledger-folder.ts";
export { restoreHome, type RestoredHome } from "./restore-home.ts";
export { HomeHeldError } from "./ledger/home-lock.ts";
