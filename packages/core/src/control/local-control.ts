/** Control over a home that this process holds: plans, starts, halts, and shows. Host. */
import { join } from "node:path";
import { judgeSlow } from "../analytics/slow.ts";
import { reportOf } from "../analytics/report/report.ts";
import { createJobRunner, type JobRunner } from "../engine/job-runner.ts";
import { reloadConfig, type Reloaded } from "../config/reload.ts";
import type { Config } from "../config/schema.ts";
import { settingViews } from "../config/setting-view.ts";
import type { Source } from "../config/layer.ts";
import { readLogTail } from "../engine/read-log.ts";
import type { Home } from "../home.ts";
import { isDiskTrouble } from "../model/disk-trouble.ts";
import type { Event } from "../model/event.ts";
import { isOver, type Job, type JobSpec } from "../model/job.ts";
import { UserError } from "../model/user-error.ts";
import { createInspections } from "../plan/inspections.ts";
import { checkRequirements } from "../plan/resolve-stages.ts";
import type { PlanDeps } from "../plan/plan-deps.ts";
import { planJob } from "../plan/plan-job.ts";
import { describeProcessor } from "../plan/describe-processor.ts";
import { previewJob } from "../plan/preview-job.ts";
import type { Control, Submitted } from "./control.ts";
import { asItIs, liveView, withSlow } from "./live-view.ts";
import { vitalsOf } from "./vitals.ts";

export interface LocalControl extends Control {
  /** Resumes the jobs whose supervisor died; not those that a person stopped, nor those that died twice without a commit. */
  resumeDied(): Promise<void>;
  /** Takes over settings that were read again, where that can be done while work runs. */
  reload(fresh: Config): Reloaded;
  /** Whether it is on its way out and takes nothing new. */
  readonly isDraining: boolean;
  /** Ends everything: running steps get `graceMs`, then they are given back. */
  drain(graceMs: number): Promise<void>;
}

export function createLocalControl(
  home: Home,
  deps: Omit<PlanDeps, "ledger" | "grantedEnv" | "isolation"> & {
    /** Where each setting's value came from, by `section.key`. */
    readonly sources?: Readonly<Record<string, Source>>;
  },
): LocalControl {
  const { ledger } = home;
  const runner = createJobRunner(home);
  const isSlow = judgeSlow(() => home.analytics);
  const planning = {
    ...deps,
    ledger,
    grantedEnv: home.engine.grantedEnv,
    isolation: home.isolation.kind,
    inspections: createInspections(),
  };
  /** What was asked for and does not run yet: the home may not be given back under it. */
  const beginning = new Set<Promise<unknown>>();
  let draining = false;

  const track = <T>(work: Promise<T>): Promise<T> => {
    beginning.add(work);
    const done = () => beginning.delete(work);
    work.then(done, done);
    return work;
  };

  /** Goes on only while nobody paused, cancelled or restarted the job since the token was asked for. */
  const start = async (job: Job, token = runner.askToStart(job.id)): Promise<void> => {
    const missing = await track(checkRequirements(job.stages, planning));
    refuseWhileDraining();
    if (!token.valid) return;
    run(runner, job, missing, home);
  };
  const need = (jobId: string): Job => {
    const job = ledger.job(jobId);
    if (job === null) throw new UserError("job_not_found", `there is no job ${jobId}`);
    return job;
  };
  const shown = (job: Job): Job => asItIs(job, runner.live(job.id), home.engine);
  const asking = new Map<string, Promise<Submitted>>();
  const submit = async (spec: JobSpec): Promise<Submitted> => {
    refuseWhileDraining();
    const known = spec.id === undefined ? null : ledger.job(spec.id);
    if (known !== null) {
      if (!isOver(known.state) && runner.live(known.id) === null) await start(known);
      return { job: known, notices: [], missing: [] };
    }
    const { job, notices, missing } = await track(planJob(spec, planning));
    refuseWhileDraining();
    // It could be seen, and stopped, since its planning was written down.
    if (need(job.id).state === "planned") run(runner, job, missing, home);
    return { job, notices, missing: named(job, missing) };
  };
  const refuseWhileDraining = () => {
    if (draining)
      throw new UserError("draining", "the supervisor is stopping and takes no new work");
  };

  return {
    submit(spec) {
      // One id is one job, also for two who ask at the same moment.
      const asked = spec.id === undefined ? undefined : asking.get(spec.id);
      if (asked !== undefined) return asked;
      const submitted = submit(spec);
      const { id } = spec;
      if (id !== undefined) {
        asking.set(id, submitted);
        const done = () => asking.delete(id);
        submitted.then(done, done);
      }
      return submitted;
    },
    preview: (spec) => previewJob(spec, planning),
    jobs: async (page = {}) =>
      ledger
        .jobs({
          limit: page.limit ?? 100,
          ...(page.after === undefined ? {} : { after: page.after }),
        })
        .map(shown),
    findJobs: async (ref) => ledger.findJobs(ref).map(shown),
    steps: async (jobId, page) => {
      const { rows, next } = ledger.steps(need(jobId).id, page);
      return { rows: withSlow(rows, isSlow), next };
    },
    items: async (jobId, { limit, after }) => ledger.items(need(jobId).id, after ?? null, limit),
    artifact: async (jobId, relativePath) =>
      ledger.artifactOf(jobId, join(need(jobId).outDir, relativePath)),
    attemptLog: async (jobId, attemptId, lines) =>
      readLogTail(home.engine.logs.pathOf(need(jobId).id, attemptId), lines),
    runLog: (lines) => readLogTail(home.log.path, lines),
    processors: () =>
      Promise.all(deps.processorNames.map((name) => describeProcessor(name, planning))),
    settings: async () => settingViews(deps.config, deps.sources ?? {}),
    problems: async (jobId, limit) => ledger.problems(need(jobId).id, limit),
    async pause(jobId) {
      const job = need(jobId);
      const why = { reason: "paused by you", reasonCode: "user" };
      if (runner.live(job.id) !== null) return runner.halt(job.id, { state: "paused", ...why });
      if (isOver(job.state))
        throw new UserError("job_over", `job ${job.name} is over: ${job.state}`);
      runner.revokeStarts(job.id);
      await ledger.setJobState(job.id, "paused", why);
    },
    async resume(jobId) {
      refuseWhileDraining();
      // One that is being halted takes nothing more: it is started again after its end.
      await runner.halted(need(jobId).id);
      const job = need(jobId);
      if (runner.live(job.id) !== null) return;
      if (isOver(job.state)) throw new UserError("job_over", overText(job));
      await start(job);
    },
    async restart(jobId) {
      refuseWhileDraining();
      const job = need(jobId);
      const aborted = runner.abort(job.id, "the job is restarted");
      const token = runner.askToStart(job.id);
      await aborted;
      await ledger.restart(job.id);
      if (token.valid) await start(need(job.id), token);
    },
    async cancel(jobId) {
      const job = need(jobId);
      if (isOver(job.state))
        throw new UserError("job_over", `job ${job.name} is over: ${job.state}`);
      runner.revokeStarts(job.id);
      await ledger.cancel(job.id);
      await runner.abort(job.id, "the job was cancelled");
    },
    async retry(jobId, options = {}) {
      refuseWhileDraining();
      const job = need(jobId);
      if (runner.live(job.id) !== null) {
        throw new UserError("job_running", `job ${job.name} still runs; retry it when it is over`);
      }
      const token = runner.askToStart(job.id);
      if (options.replaceForeign === true) await ledger.setOverwrite(job.id, "replace");
      const count = await ledger.retry(job.id, options);
      if (count > 0 && token.valid) await start(need(job.id), token);
      return count;
    },
    async remove(jobId) {
      const job = need(jobId);
      if (runner.live(job.id) !== null) {
        throw new UserError("job_running", `job ${job.name} runs; cancel it first`);
      }
      runner.revokeStarts(job.id);
      await ledger.deleteJob(job.id);
      await deps.forgetLogs(job.id);
    },
    live: async (jobId) => {
      const job = ledger.job(jobId);
      return job === null ? null : liveView(job, runner.live(jobId), home, isSlow);
    },
    report: async (hours) =>
      reportOf(home.analytics, Date.now(), {
        hours,
        minimumEvents: home.engine.config.health.minimum_events,
      }),
    vitals: async () => vitalsOf(home),
    lastSeq: async () => ledger.lastSeq(),
    eventsAfter: async (jobId, after, limit) => ledger.events(after, limit, need(jobId).id),
    async announceStop() {
      runner.announceStop();
    },
    subscribe: (listener, options = {}) => subscribe(home, listener, options),
    async resumeDied() {
      const waiting = ledger.jobs({ limit: 1_000 }).filter(waitsForDisk);
      for (const jobId of [...home.rescued.interruptedJobs, ...waiting.map(({ id }) => id)]) {
        const job = ledger.job(jobId);
        if (job === null || job.deaths >= 2) continue;
        // A job whose processor is gone holds up no other.
        await start(job).catch((error: unknown) =>
          home.log.note("error", `job ${jobId} could not be resumed: ${String(error)}`, { jobId }),
        );
      }
    },
    reload(fresh) {
      const reloaded = reloadConfig(deps.config, fresh);
      home.log.setLevel(deps.config.logging.level);
      home.log.note("info", "the configuration was read again", { ...reloaded });
      return reloaded;
    },
    get isDraining() {
      return draining;
    },
    async drain(graceMs) {
      draining = true;
      await runner.drain(graceMs);
      await Promise.allSettled(beginning);
    },
    async close() {
      draining = true;
      await runner.drain(0);
    },
  };
}

/** Paused by nobody's word: what it waits for may be there by now. */
function waitsForDisk({ state, reasonCode }: Job): boolean {
  return state === "paused" && isDiskTrouble(reasonCode);
}

function run(
  runner: JobRunner,
  job: Job,
  missing: Parameters<JobRunner["start"]>[1],
  home: Home,
): void {
  runner.start(job, missing).catch((error: unknown) => {
    home.log.note("error", `job ${job.id} stopped: ${String(error)}`, { jobId: job.id });
  });
}

function named(job: Job, missing: Parameters<JobRunner["start"]>[1]) {
  return missing.flatMap((requirements, stage) =>
    requirements.map((requirement) => ({
      stage: job.stages[stage]?.processor.name ?? String(stage),
      requirement,
    })),
  );
}

function overText(job: Job): string {
  return job.state === "completed_with_problems"
    ? `job ${job.name} is over; \`kc retry ${job.id}\` tries its failed items again`
    : `job ${job.name} is over (${job.state}); \`kc restart ${job.id}\` runs it again from the first file`;
}

/** First what the ledger has since `after`, page by page, then what comes; nothing between is lost or told twice. */
async function subscribe(
  { ledger, hub }: Home,
  listener: (events: readonly Event[]) => void | Promise<void>,
  { after, jobId, signal }: { after?: number; jobId?: string; signal?: AbortSignal },
): Promise<() => void> {
  const wanted = (events: readonly Event[]) =>
    jobId === undefined ? events : events.filter((event) => event.jobId === jobId);
  let last = after ?? Number.POSITIVE_INFINITY;
  for (; after !== undefined && signal?.aborted !== true;) {
    const page = ledger.events(last, 500, jobId);
    if (page.length === 0) break;
    last = page.at(-1)?.seq ?? last;
    await listener(page);
  }
  return hub.subscribe((events) => {
    const fresh = wanted(events).filter(
      (event) => event.seq === 0 || after === undefined || event.seq > last,
    );
    if (fresh.length > 0) void listener(fresh);
  });
}
