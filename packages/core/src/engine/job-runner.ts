/** Which jobs of the home run right now: starts, halts and ends them. Host. */
import type { Home } from "../home.ts";
import type { Job, JobState } from "../model/job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import { runJob } from "../run-job.ts";
import { liveJob, type LiveJob } from "./live-job.ts";
import { stagingRoot } from "./staging.ts";
import { waitForSpace } from "./wait-for-space.ts";

/** How long a step may take to heed a cancel before its worker is killed. */
const PATIENCE_MS = 2_000;
/** Between tries of a full disk. */
const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

export interface JobRunner {
  /** Works on a job until it is over, paused or stopped; the same promise for one that runs already. */
  start(job: Job, missing: readonly (readonly RequirementFacts[])[]): Promise<JobState>;
  live(jobId: string): LiveJob | null;
  /** Takes nothing new; resolves when what ran has finished. */
  halt(jobId: string, why: NonNullable<LiveJob["halt"]>): Promise<void>;
  /** Cancels what runs, now. */
  abort(jobId: string, why: string): Promise<void>;
  /** Ends all: steps in hand get `graceMs` to finish, then they are cancelled and given back. */
  drain(graceMs: number): Promise<void>;
  readonly running: readonly string[];
}

export function createJobRunner(home: Home): JobRunner {
  const { engine } = home;
  const jobs = new Map<string, { live: LiveJob; over: Promise<JobState> }>();
  const closing = new AbortController();
  const outDirs = new Set<string>();
  /** Jobs that met a full disk: what they had made by then, and how often in a row nothing came of going on. */
  const fullDisks = new Map<string, { artifacts: number; rounds: number }>();

  /** With nothing running, nothing is staged: the staging folders go as well. */
  const tidy = () => {
    const folders = [...outDirs].map((outDir) => stagingRoot(outDir, engine.places.homeId));
    outDirs.clear();
    engine.committer.tidy(folders);
  };

  const start: JobRunner["start"] = (job, missing) => {
    const running = jobs.get(job.id);
    if (running !== undefined) return running.over;
    if (closing.signal.aborted) return Promise.resolve(job.state);
    const live = liveJob(job, engine.now(), missing);
    const over = runJob(live, engine)
      .catch((error: unknown) => pauseFor(error, job))
      .finally(() => {
        jobs.delete(job.id);
        outDirs.add(job.outDir);
        if (jobs.size === 0) tidy();
      });
    jobs.set(job.id, { live, over });
    return over.then((state) => {
      if (state !== "paused" || live.halt?.reasonCode !== "disk_full") return state;
      resumeWithSpace(job, missing);
      return state;
    });
  };

  /** The wait doubles as long as nothing gets done in between. */
  const resumeWithSpace = (job: Job, missing: readonly (readonly RequirementFacts[])[]): void => {
    const { artifacts } = engine.ledger.job(job.id) ?? job;
    const before = fullDisks.get(job.id);
    const rounds = before === undefined || before.artifacts < artifacts ? 0 : before.rounds + 1;
    fullDisks.set(job.id, { artifacts, rounds });
    const everyMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** rounds);
    void waitForSpace(job.outDir, everyMs, closing.signal)
      .then(async (there) => {
        const now = engine.ledger.job(job.id);
        if (!there || now?.state !== "paused" || now.reasonCode !== "disk_full") return;
        engine.note("info", `the disk takes writes again; job ${job.id} goes on`, {
          jobId: job.id,
        });
        await start(now, missing);
      })
      .catch((error: unknown) =>
        engine.note("error", `job ${job.id} could not go on: ${String(error)}`, { jobId: job.id }),
      );
  };

  /** An error of ours, or a ledger that takes nothing: nobody works on the job, and it says so where it can. */
  const pauseFor = async (error: unknown, job: Job): Promise<JobState> => {
    engine.note("error", `job ${job.id} pauses: ${String(error)}`, { jobId: job.id });
    const why = { reason: String(error), reasonCode: "supervisor_error" };
    await engine.ledger.setJobState(job.id, "paused", why).catch(() => {});
    return "paused";
  };

  return {
    start,
    live: (jobId) => jobs.get(jobId)?.live ?? null,
    get running() {
      return [...jobs.keys()];
    },
    async halt(jobId, why) {
      const found = jobs.get(jobId);
      if (found === undefined) return;
      found.live.halt ??= why;
      found.live.bell.ring();
      found.live.mayAdmit.ring();
      await found.over;
    },
    async abort(jobId, why) {
      const found = jobs.get(jobId);
      if (found === undefined) return;
      end(found.live, why, PATIENCE_MS);
      await found.over;
    },
    async drain(graceMs) {
      closing.abort();
      const all = [...jobs.values()];
      for (const { live } of all) {
        live.halt ??= { state: "draining", reason: "stopped by you", reasonCode: "user" };
        live.bell.ring();
        live.mayAdmit.ring();
      }
      const patienceMs = graceMs === 0 ? 0 : PATIENCE_MS;
      const timer = setTimeout(() => {
        for (const { live } of all) end(live, "the supervisor stops", patienceMs);
        home.giveUpDisk();
      }, graceMs);
      await Promise.allSettled(all.map(({ over }) => over));
      clearTimeout(timer);
    },
  };
}

/** Ends a job's loop and its running steps: told first, killed when they are deaf to it. Nobody is blamed; they run again. */
function end(live: LiveJob, why: string, patienceMs: number): void {
  live.ended.abort();
  live.bell.ring();
  live.mayAdmit.ring();
  const running = [...live.running];
  if (patienceMs > 0) for (const [attemptId, step] of running) step.worker?.cancel(attemptId, why);
  setTimeout(() => {
    for (const [attemptId, step] of running) {
      if (live.running.has(attemptId)) void step.worker?.kill(why);
    }
  }, patienceMs);
}
