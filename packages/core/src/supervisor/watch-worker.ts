/** Watches one worker: signs of life, the pace of its step, the ladder it is being ended by, and its memory. Host, I/O. */
import { channelFlood } from "./channel-flood.ts";
import * as reasons from "./end-reasons.ts";
import type { Ended } from "./explain-exit.ts";
import { climb, raiseLadder, type Rung } from "./ladder.ts";
import { holdOf, type Hold } from "./hold.ts";
import { decideLiveness, type LivenessVerdict } from "./liveness.ts";
import type { MemoryGroup } from "./memory-group.ts";
import type { OomWatch } from "./oom-kills.ts";
import { schedulingOf } from "./process-state.ts";
import { treeBytes } from "./process-tree.ts";
import type { StepInHand } from "./steps-in-hand.ts";
import type { WorkerRecord } from "./worker-record.ts";

export interface WatchTools {
  readonly pid: number;
  readonly oom: OomWatch;
  /** Its control group, where it has one. */
  readonly group: MemoryGroup | null;
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
  const flood = channelFlood(record, tools.pid);
  const look = () => {
    if (record.exited) return;
    judge(record, tools);
    if (record.ladder !== null) climbLadder(record, tools);
    tools.oom.look();
    const bytes = flood();
    if (bytes !== null) tools.kill(reasons.endedForFlood(record.spec.processor.name, bytes));
  };
  const timer = setInterval(() => {
    record.clock.tick();
    if (isSilent(record)) record.seen ??= schedulingOf(tools.pid);
    else record.seen = null;
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
  const verdict = asked.verdict === "look" ? askLiveness(record, lookAt(record, tools.pid)) : asked;
  const name = record.spec.processor.name;
  switch (verdict.verdict) {
    case "not-started":
      return tools.kill(reasons.endedForSlowStart(name, verdict.afterMs));
    case "unresponsive":
      // A blocked loop hears nothing: no ladder.
      return tools.kill(reasons.endedForSilence(name, verdict.silentMs, verdict.hold));
    case "stalled":
      return cancelSlow(record, reasons.stalled(name, verdict.forMs));
    case "overtime":
      return cancelSlow(record, reasons.overtime(name, verdict.afterMs));
    case "fine":
    case "look":
  }
}

/** What keeps it from running. One that was kept, and no longer is, is given its time again from now on. */
function lookAt(record: WorkerRecord, pid: number): Hold {
  const seen = schedulingOf(pid);
  const hold = holdOf(seen, record.seen);
  record.seen = seen;
  const now = record.clock.now();
  if (hold === "none" && record.heldSince !== null) forgiveSilence(record, now - record.heldSince);
  if (hold === "none") record.heldSince = null;
  else record.heldSince ??= now;
  return hold;
}

function forgiveSilence(record: WorkerRecord, heldMs: number): void {
  const now = record.clock.now();
  record.heardAt = now;
  const step = record.steps.begun();
  if (step === null) return;
  step.signAt = now;
  step.begunAt = (step.begunAt ?? 0) + heldMs;
}

function askLiveness(record: WorkerRecord, hold: Hold | null): LivenessVerdict {
  const step = record.steps.begun();
  return decideLiveness({
    now: record.clock.now(),
    startedAt: record.awaited > 0 ? record.clock.now() : record.startedAt,
    ready: record.ready,
    heardAt: record.heardAt,
    step:
      step === null ? null : { ...step, begunAt: step.begunAt ?? 0, signAt: signOf(step, record) },
    hold,
    limits: record.spec.limits,
  });
}

/** A step whose save waits for our disk is not silent. */
function signOf(step: StepInHand, record: WorkerRecord): number {
  return step.saving > 0 ? record.clock.now() : step.signAt;
}

/** Long enough to compare with what will be seen when its time is up. */
function isSilent(record: WorkerRecord): boolean {
  const silentMs = record.clock.now() - record.heardAt;
  return silentMs > record.spec.limits.heartbeatTimeoutMs - 2 * record.tickMs;
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
  const bytes =
    process.platform === "linux" ? treeBytes(tools.pid, tools.group) : record.claimedBytes;
  if (bytes === null) return;
  record.memory.add(performance.now(), bytes);
  const limit = record.spec.limits.memoryBytes;
  if (limit === null || record.ended?.reason === "memory") return;
  // The kernel may have taken a program that the worker started, and left the worker to wait for it.
  if (bytes <= limit && (tools.group?.oomKills() ?? 0) === 0) return;
  tools.kill(reasons.endedForMemory(record.spec.processor.name, Math.max(bytes, limit), limit));
}
