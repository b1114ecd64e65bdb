/** What the host knows about one worker while it lives: plain state, changed by the service, the watch and the handle. Host, pure. */
import type { ErrorFacts } from "../model/error-facts.ts";
import type { StepOrder } from "../rpc/contract.ts";
import type { Ended } from "./explain-exit.ts";
import type { Scheduling } from "./hold.ts";
import { fairClock, type FairClock } from "./fair-clock.ts";
import type { Ladder } from "./ladder.ts";
import { memoryCurve, type MemoryCurve } from "./memory-curve.ts";
import type { WorkerListener, WorkerSpec } from "./port.ts";
import { stepLogs, type StepLogs } from "./step-logs.ts";
import { stepsInHand, type StepsInHand } from "./steps-in-hand.ts";

export interface WorkerRecord {
  readonly spec: WorkerSpec;
  /** Never throws; see `onError` of the listener. */
  readonly listener: WorkerListener;
  readonly clock: FairClock;
  readonly tickMs: number;
  readonly steps: StepsInHand;
  readonly logs: StepLogs;
  readonly memory: MemoryCurve;
  /** When its start began; again when what the host kept it from is over. */
  startedAt: number;
  /** Models that its setup waits for: it is we who are slow. */
  awaited: number;
  /** Credited before it was ready, and not sent yet. */
  waiting: StepOrder[];
  ready: boolean;
  stopping: boolean;
  exited: boolean;
  /** The channel closed without our doing. */
  channelLost: boolean;
  /** Steps answered. */
  done: number;
  /** When the last message of any kind came, by the fair clock. */
  heardAt: number;
  /** What the kernel last said of it while it was silent. */
  seen: Scheduling | null;
  /** Since when something keeps it from running, as far as we have seen, by the fair clock. */
  heldSince: number | null;
  /** Set once we have decided to end it; the first reason stays. */
  ended: Ended | null;
  ladder: Ladder | null;
  /** The step that is being cancelled for its slowness, and with which error it will end. */
  overdue: { readonly attemptId: number; readonly ended: Ended } | null;
  lastWords: ErrorFacts | null;
  /** Resident memory by its own word: all there is where the system has no /proc. */
  claimedBytes: number | null;
}

export function workerRecord(spec: WorkerSpec, given: WorkerListener): WorkerRecord {
  const listener = safeListener(given);
  const tickMs = tickFor(spec.limits);
  const clock = fairClock(tickMs);
  const now = clock.now();
  return {
    spec,
    listener,
    clock,
    tickMs,
    steps: stepsInHand(),
    logs: stepLogs((fact) => listener.onFact(fact)),
    memory: memoryCurve(),
    startedAt: now,
    awaited: 0,
    waiting: [],
    ready: false,
    stopping: false,
    exited: false,
    channelLost: false,
    done: 0,
    heardAt: now,
    seen: null,
    heldSince: null,
    ended: null,
    ladder: null,
    overdue: null,
    lastWords: null,
    claimedBytes: null,
  };
}

/** Fine enough for the shortest of its limits, coarse enough to cost nothing. */
function tickFor(limits: WorkerSpec["limits"]): number {
  const shortest = Math.min(
    limits.startupTimeoutMs,
    limits.heartbeatTimeoutMs,
    limits.progressTimeoutMs,
    limits.stepTimeoutMs ?? Infinity,
    limits.shutdownTimeoutMs,
    limits.forceKillTimeoutMs,
  );
  return Math.min(250, Math.max(10, shortest / 8));
}

function safeListener(given: WorkerListener): WorkerListener {
  const report = (error: unknown) => {
    try {
      given.onError?.(error);
    } catch {
      // An error handler that throws is not asked twice.
    }
  };
  const guarded = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      report(error);
      throw error;
    }
  };
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      report(error);
    }
  };
  return {
    onFact: (fact) => attempt(() => given.onFact(fact)),
    onResults: (results) => guarded(() => given.onResults(results)),
    onCheckpoint: (attemptId, change) => guarded(() => given.onCheckpoint(attemptId, change)),
    onLoadModel: async (forStep, key, bytes) => await given.onLoadModel?.(forStep, key, bytes),
    onExit: (exit) => attempt(() => given.onExit(exit)),
  };
}
