/** Follows a job to its end: progress or JSON lines as it goes, Ctrl-C, a holder that goes away. I/O. */
import {
  isDiskTrouble,
  isOver,
  printable,
  STOPPED,
  type Control,
  type Event,
  type Job,
  type JobState,
} from "@knowledge-chipper/core/reading";
import { exitCodes } from "../exit-codes.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { isolationLines, isolationOf } from "../print/isolation.ts";
import { bytesText } from "../print/style.ts";
import { memoryTeller } from "../print/memory.ts";
import { openProgress } from "../print/progress.ts";
import { attachAgain, DISK_PATIENCE_MS, patienceOf, type Attached } from "./attach.ts";
import { attachToRead } from "./attach-to-read.ts";
import type { Settings } from "../settings.ts";

export interface FollowOptions {
  readonly flags: GlobalFlags;
  readonly settings: Settings;
  /** Wait for as long as it takes when the job pauses for a full disk. */
  readonly wait: boolean;
  /** Steps at once, should the home become ours. */
  readonly workers?: number;
  /** Events after this one are told. */
  readonly after: number;
}

export interface Followed {
  readonly job: Job;
  readonly exitCode: number;
  /** Who holds the home now; close it. */
  readonly attached: Attached;
}

/** Until the job is over, paused for a person, or interrupted. */
export async function followJob(
  attached: Attached,
  jobId: string,
  options: FollowOptions,
): Promise<Followed> {
  for (let at = attached, after = options.after; ;) {
    // Who holds the home itself has said so when it opened it.
    if (at.kind === "remote") await tellIsolation(at.control, jobId);
    const watch = await watchOnce(at, jobId, { ...options, after });
    if (watch.outcome !== "lost") return { ...watch, attached: at };
    // Whoever held the home is gone. The job is in the ledger: take over, or follow the next holder.
    after = watch.seq;
    const stopped = await stoppedByPerson(jobId, options);
    if (stopped !== null) return stopped;
    at = await attachAgain(options.settings, options.workers, patienceOf(options.wait));
    await takeUp(at, jobId);
  }
}

async function tellIsolation(control: Control, jobId: string): Promise<void> {
  const lines = isolationLines(await isolationOf(control, jobId));
  for (const line of lines) process.stderr.write(`${line}\n`);
}

/** Stop is stop: what `kc stop` ended is not taken up by whoever followed it. */
async function stoppedByPerson(jobId: string, { flags }: FollowOptions): Promise<Followed | null> {
  if (flags.server !== undefined) return null;
  const control = await attachToRead(flags);
  const [job] = (await control?.findJobs(jobId).catch(() => [])) ?? [];
  if (control === null || job?.state !== "interrupted" || job.reasonCode !== STOPPED.reasonCode) {
    await control?.close();
    return null;
  }
  say(`Stopped by \`kc stop\`. kc resume ${jobId} goes on later.`);
  const attached = { kind: "reader", control, close: () => control.close() } as const;
  return { job, exitCode: exitCodes.terminated, attached };
}

/** Goes on with the job under its new holder; what only time can mend is tried again by the next look. */
async function takeUp(at: Attached, jobId: string): Promise<void> {
  try {
    await at.control.resume(jobId);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "job_over" && code !== "connection_lost" && code !== "draining") {
      await at.close(0);
      throw error;
    }
    await Bun.sleep(50);
  }
}

type Watched = { outcome: "ended"; job: Job; exitCode: number } | { outcome: "lost"; seq: number };

async function watchOnce(
  attached: Attached,
  jobId: string,
  options: FollowOptions,
): Promise<Watched> {
  const { control } = attached;
  const progress = openProgress(control, jobId, options.flags);
  const bell = createWaiter();
  let seq = options.after;
  let lost = false;
  const hear = (events: readonly Event[]) => {
    for (const event of events) {
      if (event.seq !== 0 && event.seq <= seq) continue;
      if (event.seq > seq) seq = event.seq;
      if (options.flags.json === true) printEvent(event);
      else if (event.type === "disk:low" && options.flags.quiet !== true) say(lowDiskText(event));
    }
    bell.wake();
  };
  const unsubscribe = await control
    .subscribe(hear, { after: options.after, jobId })
    .catch((error: unknown) => {
      if (attached.kind === "local") throw error;
      lost = true;
      return () => {};
    });
  /** What was written down and did not come by the stream yet is told before the end is. */
  const end = async (job: Job, exitCode: number): Promise<Watched> => {
    for (let more = options.flags.json === true; more;) {
      const rest = await control.eventsAfter(jobId, seq, 500).catch(() => []);
      hear(rest);
      more = rest.length === 500;
    }
    return { outcome: "ended", job, exitCode };
  };
  const onLost = () => {
    lost = true;
    bell.wake();
  };
  if (attached.kind === "remote") attached.control.onLost(onLost);
  const signals = listenForSignals(attached, jobId, options, bell.wake);
  try {
    let saidDisk = false;
    const sayMemory = memoryTeller(say);
    for (let fullSince: { at: number; done: number } | null = null; ;) {
      if (lost) return { outcome: "lost", seq };
      const view = await control.live(jobId).catch(() => null);
      const job = view?.job ?? null;
      if (job === null) {
        if (attached.kind === "remote") return { outcome: "lost", seq };
        throw new Error(`job ${jobId} is gone`);
      }
      if (options.flags.quiet !== true) sayMemory(view?.memory ?? null);
      const isDisk = job.state === "paused" && isDiskTrouble(job.reasonCode);
      if (isDisk !== saidDisk && options.flags.quiet !== true) {
        saidDisk = isDisk;
        say(
          isDisk ? `kc: paused: ${printable(job.reason ?? "")}` : "kc: the disk takes writes again",
        );
      }
      // Going on for a moment and meeting the full disk again is still the same wait.
      if (fullSince !== null && job.items.completed > fullSince.done) fullSince = null;
      if (isDisk) fullSince ??= { at: performance.now(), done: job.items.completed };
      if (isOver(job.state)) return await end(job, codeOf(job));
      // A client that is told twice leaves: the pause is asked for, and needs no watcher.
      const leaves = attached.kind === "remote" && signals.count() > 1;
      if (signals.code() !== null && (leaves || !isActive(job.state))) {
        return await end(job, signals.code() ?? exitCodes.interrupted);
      }
      if (job.state === "interrupted" && attached.kind === "remote")
        return { outcome: "lost", seq };
      const patient =
        isDisk &&
        (options.wait ||
          process.stderr.isTTY ||
          performance.now() - (fullSince?.at ?? 0) < DISK_PATIENCE_MS);
      if (job.state === "paused" && !patient) {
        return await end(job, exitCodes.needsPerson);
      }
      await bell.wait(500);
    }
  } finally {
    signals.stop();
    unsubscribe();
    progress.close();
  }
}

function isActive(state: JobState): boolean {
  return state === "running" || state === "draining" || state === "planned";
}

function codeOf(job: Job): number {
  if (job.state === "completed") return exitCodes.done;
  return exitCodes.problems;
}

/** First signal: finish what runs and stop. Second: stop now. Nothing is lost either way. */
function listenForSignals(
  attached: Attached,
  jobId: string,
  { settings }: FollowOptions,
  wake: () => void,
): { stop(): void; code(): number | null; count(): number } {
  let code: number | null = null;
  let count = 0;
  const graceMs = settings.config.process_isolation.shutdown_timeout_seconds * 1_000;
  const onSignal = (signal: NodeJS.Signals) => {
    count += 1;
    code ??= signal === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
    if (count === 1) {
      say(
        `\nStopping: what runs gets ${graceMs / 1_000} s to finish (again: stop now). kc resume ${jobId} goes on later.`,
      );
    }
    wake();
    void stopWork(attached, jobId, count === 1 ? graceMs : 0).then(wake, wake);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    code: () => code,
    count: () => count,
    stop() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

async function stopWork(attached: Attached, jobId: string, graceMs: number): Promise<void> {
  if (attached.kind === "local") await attached.control.drain(graceMs);
  else if (attached.kind === "remote") await attached.control.pause(jobId);
}

function printEvent(event: Event): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function lowDiskText({
  path,
  freeBytes,
  leastBytes,
}: Extract<Event, { type: "disk:low" }>): string {
  return `kc: only ${bytesText(freeBytes)} are left for ${printable(path)} (warned of below ${bytesText(leastBytes)}, disk_space_warning_gb)`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function createWaiter(): { wake: () => void; wait(ms: number): Promise<void> } {
  let wake = () => {};
  return {
    wake: () => wake(),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
