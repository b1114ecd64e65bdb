/** Control over a home that nobody holds: reads the ledger; whoever wants to change something must hold the home. Host, I/O. */
import { judgeSlow } from "../analytics/slow.ts";
import { withSlow } from "./live-view.ts";
import { reportOf } from "../analytics/report/report.ts";
import { currentFold } from "../engine/stored-analytics.ts";
import { readLogTail } from "../engine/read-log.ts";
import { join } from "node:path";
import { ledgerFolderOf } from "../ledger/ledger-folder.ts";
import { openLedger } from "../ledger/open.ts";
import { isBetweenLedgers } from "../ledger/opening/replace-damaged.ts";
import { UserError } from "../model/user-error.ts";
import type { Control } from "./control.ts";

/** A reader loads no configuration: the defaults. */
const KEPT_DAYS = 30;
/** What is usual is told by the last day. */
const SLOW_DAYS = 1;
const MINIMUM_EVENTS = 3;

/** Null when the home has no ledger yet. */
export async function createReaderControl(home: string): Promise<Control | null> {
  const opened = await openLedger({
    home: ledgerFolderOf(home),
    readOnly: true,
    held: false,
  }).catch((error: unknown) => {
    const code = String((error as { code?: unknown }).code);
    if (code === "ledger_missing" && isBetweenLedgers(ledgerFolderOf(home)))
      throw new UserError(
        "ledger_between",
        `a restore in ${home} was cut short; the next \`kc run\` or \`kc serve\` ends it`,
      );
    if (code === "ledger_missing") return null;
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(code)) throw error;
    throw new UserError(
      "ledger_damaged",
      `the ledger of ${home} is damaged; the next \`kc run\` or \`kc serve\` sets it aside and restores its newest backup`,
      { cause: error },
    );
  });
  if (opened === null) return null;
  const { ledger } = opened;
  const isSlow = judgeSlow(() => currentFold(ledger, SLOW_DAYS));
  const refuse = (): never => {
    throw new UserError("home_not_held", "nothing runs in this home; this needs a supervisor");
  };
  return {
    submit: refuse,
    preview: refuse,
    jobs: async ({ limit = 100, after } = {}) =>
      ledger.jobs({ limit, ...(after === undefined ? {} : { after }) }),
    findJobs: async (ref) => ledger.findJobs(ref),
    steps: async (jobId, page) => {
      const { rows, next } = ledger.steps(jobId, page);
      return { rows: withSlow(rows, isSlow), next };
    },
    items: async (jobId, { limit, after }) => ledger.items(jobId, after ?? null, limit),
    artifact: async (jobId, relativePath) => {
      const job = ledger.job(jobId);
      return job === null ? null : ledger.artifactOf(jobId, join(job.outDir, relativePath));
    },
    attemptLog: (jobId, attemptId, lines) =>
      readLogTail(join(home, "logs", "attempts", jobId, `${attemptId}.log`), lines),
    runLog: (lines) => readLogTail(join(home, "logs", "knowledge_system.log"), lines),
    processors: refuse,
    settings: refuse,
    problems: async (jobId, limit) => ledger.problems(jobId, limit),
    pause: refuse,
    resume: refuse,
    restart: refuse,
    cancel: refuse,
    retry: refuse,
    remove: refuse,
    live: async () => null,
    report: async (hours) =>
      reportOf(currentFold(ledger, KEPT_DAYS), Date.now(), {
        hours,
        minimumEvents: MINIMUM_EVENTS,
      }),
    vitals: refuse,
    lastSeq: async () => ledger.lastSeq(),
    eventsAfter: async (jobId, after, limit) => ledger.events(after, limit, jobId),
    announceStop: refuse,
    subscribe: refuse,
    close: () => ledger.close(),
  };
}
