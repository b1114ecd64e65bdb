/** Watches one worker: signs of life, the pace of its step, the ladder it is being ended by, and its memory. Host, I/O. */
import * as reasons from "./end-reasons.ts";
import type { Ended } from "./explain-exit.ts";
import { climb, raiseLadder, type Rung } from "./ladder.ts";
import { decideLiveness, type LivenessVerdict } from "./liveness.ts";
import type { OomWatch } from "./oom-kills.ts";
import { isStopped } from "./process-state.ts";
import { treeBytes } from "./process-tree.ts";
import type { WorkerRecord } from "./worker-record.ts";

export interface WatchTools {
  readonly pid: number;
  readonly oom: OomWatch;
  /** Asks the worker to abort a step. */
  cancel(attemptId: number, why: string): void;
  terminate(): void;
  /** SIGKILL of its group, for this reason. */
  kill(ended: Ended): void;
}

export interface Watch {
  /** Looks at once, beside its regular pace: something was decided. */
  look(): void;
  /** Takes a memory sample at once. */
  sample(): void;
  stop(): void;
}

export function watchWorker(record: WorkerRecord, tools: WatchTools): Watch {
  const look = () => {
    if (record.exited) return;
    judge(record, tools);
    if (record.ladder !== null) climbLadder(record, tools);
    tools.oom.look();
  };
  const timer = setInterval(() => {
    record.clock.tick();
    look();
  }, record.tickMs);

  let sampling: ReturnType<typeof setTimeout>;
  const sample = () => {
    sampleMemory(record, tools);
    sampling = setTimeout(sample, record.memory.nextDelayMs(record.spec.limits.memoryBytes));
  };
  sampling = setTimeout(sample, 0);

  return {
    look,
    sample: () => sampleMemory(record, tools),
    stop: () => {
      clearInterval(timer);
      clearTimeout(sampling);
    },
  };
}

function judge(record: WorkerRecord, tools: WatchTools): void {
  if (record.ended !== null) return;
  const asked = askLiveness(record, null);
  const verdict = asked.verdict === "look" ? askLiveness(record, isStopped(tools.pid)) : asked;
  const name = record.spec.processor.name;
  switch (verdict.verdict) {
    case "not-started":
      return tools.kill(reasons.endedForSlowStart(name, verdict.afterMs));
    case "unresponsive":
      // A blocked loop hears nothing: no ladder.
      return tools.kill(reasons.endedForSilence(name, verdict.silentMs, verdict.stopped));
    case "stalled":
      return cancelSlow(record, reasons.stalled(name, verdict.forMs));
    case "overtime":
      return cancelSlow(record, reasons.overtime(name, verdict.afterMs));
    case "fine":
    case "look":
  }
}

function askLiveness(record: WorkerRecord, stopped: boolean | null): LivenessVerdict {
  const step = record.steps.begun();
  return decideLiveness({
    now: record.clock.now(),
    startedAt: record.startedAt,
    ready: record.ready,
    heardAt: record.heardAt,
    step: step === null ? null : { ...step, begunAt: step.begunAt ?? 0 },
    stopped,
    limits: record.spec.limits,
  });
}

function cancelSlow(record: WorkerRecord, ended: Ended): void {
  const step = record.steps.begun();
  // One that is being cancelled already has its ladder.
  if (step === null || record.overdue !== null || record.ladder !== null) return;
  const { attemptId } = step;
  const { shutdownTimeoutMs, forceKillTimeoutMs } = record.spec.limits;
  record.overdue = { attemptId, ended };
  record.ladder = raiseLadder(
    { why: ended.error.message, attemptId, blame: "step" },
    record.clock.now(),
    { graceMs: 0, cancelMs: shutdownTimeoutMs, termMs: forceKillTimeoutMs },
  );
}

function climbLadder(record: WorkerRecord, tools: WatchTools): void {
  const ladder = record.ladder;
  if (ladder === null) return;
  const { rungs, rest } = climb(ladder, record.clock.now());
  record.ladder = rest;
  for (const rung of rungs) takeRung(record, tools, rung);
}

function takeRung(record: WorkerRecord, tools: WatchTools, rung: Rung): void {
  const { ladder, overdue } = record;
  if (ladder === null) return;
  const ended =
    ladder.blame === "step" && overdue !== null
      ? overdue.ended
      : reasons.endedOnRequest(ladder.why);
  if (rung === "cancel") {
    const attemptId = ladder.attemptId ?? record.steps.begun()?.attemptId;
    if (attemptId !== undefined) tools.cancel(attemptId, ladder.why);
  } else if (rung === "SIGTERM") {
    record.ended ??= ended;
    tools.terminate();
  } else {
    tools.kill(ended);
  }
}

function sampleMemory(record: WorkerRecord, tools: WatchTools): void {
  if (record.exited) return;
  // Elsewhere its children, and a worker that blocks, are not seen.
  const bytes = process.platform === "linux" ? treeBytes(tools.pid) : record.claimedBytes;
  if (bytes === null) return;
  record.memory.add(performance.now(), bytes);
  const limit = record.spec.limits.memoryBytes;
  if (limit === null || bytes <= limit || record.ended?.reason === "memory") return;
  tools.kill(reasons.endedForMemory(record.spec.processor.name, bytes, limit));
}
