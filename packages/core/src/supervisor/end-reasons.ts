/** Why we ended a worker, each with its words for people. Pure. */
import { errorFacts } from "../model/error-facts.ts";
import { durationText, type Ended } from "./explain-exit.ts";
import type { Hold } from "./hold.ts";

export function endedOnRequest(why: string): Ended {
  return {
    reason: null,
    error: { name: "WorkerStoppedError", code: "worker_stopped", message: why },
  };
}

export function endedForProtocol(error: Error): Ended {
  return { reason: "protocol", error: errorFacts(error, "protocol_error") };
}

export function endedForFlood(processor: string, bytes: number): Ended {
  const message = `worker of ${processor} wrote ${megabytes(bytes)} MB to its channel without an end of the message`;
  return {
    reason: "protocol",
    error: { name: "ProtocolError", code: "protocol_error", message },
  };
}

export function endedForStart(error: unknown): Ended {
  return { reason: "exit", error: errorFacts(error, "worker_not_started") };
}

export function endedForSlowStart(processor: string, afterMs: number): Ended {
  const message = `worker of ${processor} was not ready after ${durationText(afterMs)}: its module or its setup takes too long`;
  return {
    reason: "timeout",
    error: { name: "WorkerStartError", code: "startup_timeout", message },
  };
}

export function endedForMemory(processor: string, bytes: number, limit: number): Ended {
  const message = `worker of ${processor} and its programs took ${megabytes(bytes)} MB of memory, the limit is ${megabytes(limit)} MB: raise max_memory_per_process_gb, or give it a smaller input`;
  return { reason: "memory", error: { name: "MemoryLimitError", code: "memory_limit", message } };
}

export function endedForSilence(processor: string, silentMs: number, hold: Hold): Ended {
  const why = {
    stopped: "it was stopped by a signal",
    waiting: "it waits for a disk, or for memory that was swapped out",
    none: "something blocks its event loop",
  }[hold];
  const message = `worker of ${processor} gave no sign of life for ${durationText(silentMs)}: ${why}`;
  return {
    reason: "unresponsive",
    error: { name: "WorkerUnresponsiveError", code: "worker_unresponsive", message },
  };
}

/** Also the error of a step that stopped when told to: then it is its result, and the worker lives on. */
export function stalled(processor: string, forMs: number): Ended {
  return timeout(
    `${processor} made no progress for ${durationText(forMs)}: it waits for something that never comes, or does not report progress`,
  );
}

export function overtime(processor: string, afterMs: number): Ended {
  return timeout(`${processor} took longer than a step may: ${durationText(afterMs)}`);
}

function timeout(message: string): Ended {
  return { reason: "timeout", error: { name: "StepTimeoutError", code: "step_timeout", message } };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
