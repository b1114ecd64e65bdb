/** What happened here lately: crashes, health, the end of the log. Host, reads ledger and log. */
import { reportOf, type Report } from "../analytics/report/report.ts";
import type { Config } from "../config/schema.ts";
import { currentFold } from "../engine/stored-analytics.ts";
import { readLogTail } from "../engine/read-log.ts";
import { openLedger } from "../ledger/open.ts";
import type { CrashDossier } from "../model/step.ts";
import { findingsOf, type Finding } from "./finding.ts";

const HOURS = 24;
const RECENT_JOBS = 20;
const MOST_CRASHES = 10;
/** How much of the log is looked at. */
const LOG_LINES = 2_000;

export interface RecentCrash {
  readonly jobId: string;
  readonly item: string | null;
  readonly stage: string;
  readonly dossier: CrashDossier;
}

export interface Recent {
  readonly findings: readonly Finding[];
  readonly crashes: readonly RecentCrash[];
  readonly health: Report["health"] | null;
}

/** @param folder of a ledger that is whole */
export async function lookAtRecent(folder: string, config: Config): Promise<Recent> {
  const { ok, warning } = findingsOf("health");
  const { ledger } = await openLedger({ home: folder, readOnly: true, held: false });
  try {
    const fold = currentFold(ledger, config.checkpoint_system.retention_days);
    const { health } = reportOf(fold, Date.now(), {
      hours: HOURS,
      minimumEvents: config.health.minimum_events,
    });
    const crashes = ledger
      .jobs({ limit: RECENT_JOBS })
      .flatMap(({ id }) =>
        ledger
          .problems(id, MOST_CRASHES)
          .flatMap(({ item, stage, dossier }) =>
            dossier === null ? [] : [{ jobId: id, item, stage, dossier }],
          ),
      )
      .toSorted((a, b) => b.dossier.at.localeCompare(a.dossier.at))
      .slice(0, MOST_CRASHES);
    const text = health.known
      ? `${health.level}, ${health.score} of 100 over ${HOURS} h`
      : `no data of the last ${HOURS} h`;
    const isBad = health.known && (health.level === "warning" || health.level === "critical");
    const reasons = health.reasons.map((reason) => reason.text).join("; ");
    const findings = [
      isBad ? warning("health", `${text}: ${reasons}`, "kc report says more.") : ok("health", text),
      crashes.length === 0
        ? ok("crashes", "no item was set aside for killing its worker")
        : warning(
            "crashes",
            `the last: ${crashes.map((one) => `${one.item ?? "gather"} in ${one.stage}`).join(", ")}`,
            `kc show ${crashes[0]?.jobId} prints the dossiers.`,
          ),
    ];
    return { findings, crashes, health };
  } finally {
    await ledger.close();
  }
}

export interface LogLook {
  readonly findings: readonly Finding[];
  /** The end of it, oldest first, as it stands there. */
  readonly tail: readonly string[];
}

export async function lookAtLog(path: string): Promise<LogLook> {
  const { ok, warning } = findingsOf("log");
  const tail = await readLogTail(path, LOG_LINES);
  const since = new Date(Date.now() - HOURS * 3_600_000).toISOString();
  const errors = tail.flatMap((line) => {
    const { level, time, msg } = parsed(line);
    const isNew = typeof time === "string" && time >= since;
    return isNew && Number(level) >= 50 ? [String(msg)] : [];
  });
  if (tail.length === 0) return { tail, findings: [ok("log", `${path}: nothing yet`)] };
  const last = errors.at(-1);
  if (last === undefined) return { tail, findings: [ok("log", `${path}: no error in ${HOURS} h`)] };
  const text = `${errors.length} errors in ${HOURS} h, the last: ${last}`;
  return { tail, findings: [warning("log", text, "kc logs --level error shows them.")] };
}

function parsed(line: string): Record<string, unknown> {
  try {
    return (JSON.parse(line) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
