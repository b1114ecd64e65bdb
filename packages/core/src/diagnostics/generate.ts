/** `generateDiagnosticsReport`: looks at everything that work here depends on and changes nothing; whatever is broken, the rest is told. Host, I/O. */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { resolveHome, resolveLedgerFolder, type Env } from "../config/home.ts";
import { settingViews, type SettingView } from "../config/setting-view.ts";
import { ledgerFolderOf } from "../ledger/ledger-folder.ts";
import { lookAtConfiguration } from "./configuration.ts";
import { areas, findingsOf, type Area, type Finding } from "./finding.ts";
import { lookAtFolders } from "./folders.ts";
import { lookAtHomeLock } from "./home-lock.ts";
import { lookAtLedger } from "./ledger.ts";
import { lookAtMachine } from "./machine.ts";
import { lookAtProcessors, type KnownProcessors } from "./processors.ts";
import { lookAtLog, lookAtRecent, type Recent } from "./recent.ts";
import { lookAtTerminal, type TerminalFacts } from "./terminal.ts";

export interface DiagnosticsOptions {
  /** Default: where the environment says. */
  readonly home?: string;
  /** Settings file; default: the one that counts. */
  readonly config?: string;
  readonly env?: Env;
  readonly cwd?: string;
  /** Default: none is looked at. */
  readonly processors?: KnownProcessors;
  /** Default: stdout. */
  readonly terminal?: TerminalFacts;
}

export interface DiagnosticsReport {
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly home: string;
  readonly counts: { readonly ok: number; readonly warning: number; readonly problem: number };
  /** Area by area. */
  readonly findings: readonly Finding[];
  /** Secrets are hidden. */
  readonly settings: readonly SettingView[];
  /** Newest first. */
  readonly crashes: Recent["crashes"];
  readonly health: Recent["health"];
  /** The end of the run's log, oldest first. */
  readonly log: readonly string[];
}

const PROGRAM_FAULT = "This is a fault of the program: please report it with kc doctor --bundle.";

export async function generateDiagnosticsReport(
  options: DiagnosticsOptions = {},
): Promise<DiagnosticsReport> {
  const { env = process.env, cwd = process.cwd(), terminal = process.stdout } = options;
  const home = options.home === undefined ? resolveHome(env) : resolve(cwd, options.home);
  const findings: Finding[] = [];
  /** A look that fails is a finding, and no reason to miss the others. */
  const look = async <T extends { findings: readonly Finding[] }>(
    area: Area,
    how: () => Promise<T>,
  ): Promise<T | null> => {
    try {
      const found = await how();
      findings.push(...found.findings);
      return found;
    } catch (error) {
      const text = `could not be looked at: ${error instanceof Error ? error.message : String(error)}`;
      findings.push(findingsOf(area).problem(area, text, fixOf(error)));
      return null;
    }
  };
  const list = (area: Area, how: () => Promise<Finding[]> | Finding[]) =>
    look(area, async () => ({ findings: await how() }));

  await list("machine", () => lookAtMachine());
  await list("terminal", () => lookAtTerminal(env, terminal));
  const configuration = await look("configuration", () =>
    lookAtConfiguration({
      env,
      cwd,
      home,
      ...(options.config === undefined ? {} : { file: resolve(cwd, options.config) }),
    }),
  );
  const loaded = configuration?.loaded ?? null;
  const config = loaded?.config ?? null;
  const ledger = ledgerFolderOf(home);
  const temp = env["TMPDIR"] ?? tmpdir();
  if (config !== null) {
    const wanted = resolveLedgerFolder(home, config.checkpoint_system.checkpoint_directory, env);
    await list("folders", () => lookAtFolders({ home, ledger: wanted, temp, cwd }, config));
  }
  await list("home", () => lookAtHomeLock(home));
  const isWhole = (await list("ledger", () => lookAtLedger(ledger)))?.findings.some(
    ({ name, level }) => name === "integrity" && level === "ok",
  );
  const { processors: known } = options;
  if (config !== null && known !== undefined) {
    await list("processors", () => lookAtProcessors({ known, config, env, temp }));
  }
  const recent =
    config !== null && isWhole === true
      ? await look("health", () => lookAtRecent(ledger, config))
      : null;
  const log = await look("log", () => lookAtLog(join(home, "logs", "knowledge_system.log")));
  const count = (level: Finding["level"]) => findings.filter((one) => one.level === level).length;
  return {
    generatedAt: new Date().toISOString(),
    home,
    counts: { ok: count("ok"), warning: count("warning"), problem: count("problem") },
    findings: findings.toSorted((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area)),
    settings: loaded === null ? [] : settingViews(loaded.config, loaded.sources),
    crashes: recent?.crashes ?? [],
    health: recent?.health ?? null,
    log: log?.tail ?? [],
  };
}

/** What the system refuses is for people to mend. */
function fixOf(error: unknown): string {
  const { code = "" } = (error ?? {}) as { code?: string };
  if (code === "EACCES" || code === "EPERM") return "Change its permissions, or run as its owner.";
  return code === "" ? PROGRAM_FAULT : `The system says ${code}: check that file and its disk.`;
}
