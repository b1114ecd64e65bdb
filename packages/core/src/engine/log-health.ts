/** Tells the run's log how things go: each job at its end, and the health whenever its level changes. Host, I/O through the log. */
import type { Fold } from "../analytics/fold.ts";
import { reportOf } from "../analytics/report/report.ts";
import type { Event } from "../model/event.ts";
import { isOver } from "../model/job.ts";
import type { Ledger } from "../ledger/port.ts";
import type { RunLog } from "../run-log.ts";

export interface HealthOptions {
  readonly hours: number;
  readonly minimumEvents: number;
}

/** Call with each event; returns what to call now and then. */
export function logHealth(fold: Fold, ledger: Ledger, log: RunLog, options: HealthOptions) {
  let level: string | null = null;

  const look = (): void => {
    const { health, metrics } = reportOf(fold, Date.now(), options);
    if (!health.known || health.level === level) return;
    level = health.level;
    const isBad = level === "warning" || level === "critical";
    log.note(isBad ? "warn" : "info", `health is ${level}, ${health.score} of 100`, {
      component: "health",
      score: health.score,
      reasons: health.reasons.map(({ text }) => text),
      crashRate: metrics.crashRate.value,
      uptime: metrics.uptime.value,
    });
  };

  return {
    look,
    hear(events: readonly Event[]): void {
      for (const event of events) {
        if (event.type !== "job:state" || !isOver(event.state)) continue;
        const job = event.jobId === undefined ? null : ledger.job(event.jobId);
        if (job === null) continue;
        const { items, attempts, crashes, artifacts, activeMs } = job;
        log.note("info", `job ${job.name} is over: ${event.state}`, {
          component: "analytics",
          jobId: job.id,
          items,
          attempts,
          crashes,
          artifacts,
          activeMs,
        });
        look();
      }
    },
  };
}
