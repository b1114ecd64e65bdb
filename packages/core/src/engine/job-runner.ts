/** Which jobs of the home run right now: starts, halts and ends them. Host. */
import { pause } from "../commit/disk-watch.ts";
import type { Home } from "../home.ts";
import { isDiskTrouble } from "../model/disk-trouble.ts";
import { STOPPED } from "../model/job.ts";
import type { Job, JobState } from "../model/job.ts";
import type { RequirementFacts } from "../model/processor-facts.ts";
import { runJob } from "../run-job.ts";
import { foldersOfWork } from "./disk-behind.ts";
import { haltForDisk } from "./halts.ts";
import { haltJob, liveJob, type Halt, type LiveJob } from "./live-job.ts";
import { stagingRoot } from "./staging.ts";

/** How long a step may take to heed a cancel before its worker is killed. */
const PATIENCE_MS = 2_000;
/** Between tries of a disk that refuses. */
const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

/** Asked for before the questions that a start has: what a person decides meanwhile takes it back. */
export interface StartToken {
  readonly valid: boolean;
}

export interface JobRunner {
  /** Valid until the job's starts are revoked: by `halt` and `abort` too. */
  askToStart(jobId: string): StartToken;
  /** No start that was asked for before this goes through. */
  revokeStarts(jobId: string): void;
  /** Works on a job until it is over, paused or stopped; the same promise for one that runs already. */
  start(job: Job, missing: readonly (readonly RequirementFacts[])[]): Promise<JobState>;
  live(jobId: string): LiveJob | null;
  /** Takes nothing new; resolves when what ran has finished. */
  halt(jobId: string, why: Halt): Promise<void>;
  /** Resolves when a job that is being halted has come to its end; at once for every other. */
  halted(jobId: string): Promise<void>;
  /** Cancels what runs, now. */
  abort(jobId: string, why: string): Promise<void>;
  /** The end that comes now is a person's stop. */
  announceStop(): void;
  /** Ends all: steps in hand get `graceMs` to finish, then they are cancelled and given back. */
  drain(graceMs: number): Promise<void>;
  readonly running: readonly string[];
}

export function createJobRunner(home: Home): JobRunner {
  const { engine } = home;
  const jobs = new Map<string, { live: LiveJob; over: Promise<JobState> }>();
  /** How often the starts of a job were revoked. */
  const revocations = new Map<string, number>();
  const closing = new AbortController();
  const outDirs = new Set<string>();
  let whyDrain = { reason: "stopped by you", reasonCode: "user" };
  /** Jobs that a disk halted: what they had made by then, and how often in a row nothing came of going on. */
  const diskHalts = new Map<string, { artifacts: number; rounds: number }>();

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
    const live = liveJob(job, engine.clock.awake(), missing);
    for (const tradeKey of live.tradeKeys) engine.crew.forgive(tradeKey);
    const unfollow = engine.space.follow(job);
    const over = runJob(live, engine)
      .catch((error: unknown) => pauseFor(error, job))
      .finally(() => {
        jobs.delete(job.id);
        unfollow();
        outDirs.add(job.outDir);
        if (jobs.size === 0) tidy();
      });
    jobs.set(job.id, { live, over });
    return over.then((state) => {
      if (state !== "paused" || !isDiskTrouble(live.halt?.reasonCode)) return state;
      resumeWithDisk(job, missing);
      return state;
    });
  };

  /** The wait doubles as long as nothing gets done in between. */
  const resumeWithDisk = (job: Job, missing: readonly (readonly RequirementFacts[])[]): void => {
    const { artifacts } = engine.ledger.job(job.id) ?? job;
    const before = diskHalts.get(job.id);
    const rounds = before === undefined || before.artifacts < artifacts ? 0 : before.rounds + 1;
    diskHalts.set(job.id, { artifacts, rounds });
    const everyMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** rounds);
    void takesWork(job.outDir, everyMs)
      .then(async (there) => {
        const now = engine.ledger.job(job.id);
        if (!there || now?.state !== "paused" || !isDiskTrouble(now.reasonCode)) return;
        engine.note("info", `the disk takes writes again; job ${job.id} goes on`, {
          jobId: job.id,
        });
        await start(now, missing);
      })
      .catch((error: unknown) =>
        engine.note("error", `job ${job.id} could not go on: ${String(error)}`, { jobId: job.id }),
      );
  };

  /**
   * Resolves when the disks of a job take files, false at the end of this supervisor. Waits before the first try too: a disk that
   * has room for the probe and not for the work would be asked without end.
   */
  const takesWork = async (outDir: string, everyMs: number): Promise<boolean> => {
    for (;;) {
      await pause(everyMs, closing.signal);
      if (closing.signal.aborted) return false;
      if ((await engine.committer.probe(foldersOfWork(outDir, engine))) === null) return true;
    }
  };

  /** An error of ours, or a ledger that takes nothing: nobody works on the job, and it says so where it can. */
  const pauseFor = async (error: unknown, job: Job): Promise<JobState> => {
    engine.note("error", `job ${job.id} pauses: ${String(error)}`, { jobId: job.id });
    const why = { reason: String(error), reasonCode: "supervisor_error" };
    await engine.ledger.setJobState(job.id, "paused", why).catch(() => {});
    return "paused";
  };

  engine.models.onRoom(() => {
    for (const { live } of jobs.values()) live.bell.ring();
  });

  const revokeStarts = (jobId: string): void => {
    revocations.set(jobId, (revocations.get(jobId) ?? 0) + 1);
  };

  return {
    askToStart(jobId) {
      const asked = revocations.get(jobId);
      return {
        get valid() {
          return revocations.get(jobId) === asked;
        },
      };
    },
    revokeStarts,
    start,
    live: (jobId) => jobs.get(jobId)?.live ?? null,
    get running() {
      return [...jobs.keys()];
    },
    async halt(jobId, why) {
      revokeStarts(jobId);
      const found = jobs.get(jobId);
      if (found === undefined) return;
      haltJob(found.live, why);
      // What waits for a disk may wait long, and starts nothing.
      if (engine.disk.troubleOf(jobId) === null) await found.over;
    },
    async halted(jobId) {
      const found = jobs.get(jobId);
      // What waits for a disk may wait long.
      if (found === undefined || found.live.halt === null) return;
      if (engine.disk.troubleOf(jobId) === null) await found.over;
    },
    async abort(jobId, why) {
      revokeStarts(jobId);
      const found = jobs.get(jobId);
      if (found === undefined) return;
      end(found.live, why, PATIENCE_MS);
      engine.disk.giveUp(jobId);
      await found.over;
    },
    announceStop() {
      whyDrain = STOPPED;
    },
    async drain(graceMs) {
      closing.abort();
      const all = [...jobs.values()];
      for (const { live } of all) {
        const disk = engine.disk.troubleOf(live.id);
        // Who waited in vain for a disk says so to the next one who looks.
        if (disk !== null) haltForDisk(live, disk);
        haltJob(live, { state: "draining", ...whyDrain });
      }
      // Space may come in a moment; whoever stops does not wait for it as long as for work.
      const giveUp = setTimeout(() => home.giveUpDisk(), Math.min(graceMs, PATIENCE_MS));
      const patienceMs = graceMs === 0 ? 0 : PATIENCE_MS;
      const timer = setTimeout(() => {
        for (const { live } of all) end(live, "the supervisor stops", patienceMs);
      }, graceMs);
      await Promise.allSettled(all.map(({ over }) => over));
      clearTimeout(timer);
      clearTimeout(giveUp);
    },
  };
}

/** Ends a job's loop and its running steps: told first, killed when they are deaf to it. Nobody is blamed; they run again. */
function end(live: LiveJob, why: string, patienceMs: number): void {
  live.ended.abort();
  live.halted.abort();
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
