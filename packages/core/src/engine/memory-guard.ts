/** Watches the memory that we may use while something runs, says how short it is, and makes room when it must. Host, I/O through its look. */
import type { EventData } from "../model/event.ts";
import type { AttemptId } from "../model/step.ts";
import { watchGrowth, type Growth } from "../schedule/memory-growth.ts";
import {
  calm,
  decideLevel,
  isAtLeast,
  youngest,
  type LevelLimits,
  type LevelState,
  type MemoryLevel,
} from "../schedule/memory-levels.ts";
import type { WorkerHandle } from "../supervisor/port.ts";
import type { MemoryLook } from "./memory-figures.ts";

/** For screens. */
export interface MemoryView {
  readonly level: MemoryLevel;
  /** Why the level is above normal. */
  readonly reason: string | null;
  /** Of what we may use, where it is tightest. */
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** What one worker with everything it started may hold; null: no limit. */
  readonly workerLimitBytes: number | null;
}

export interface MemoryGuard {
  /** Of this moment, or at most a moment ago. */
  readonly level: MemoryLevel;
  /** Null: memory is not watched, or cannot be on this system. */
  readonly view: MemoryView | null;
  /** Called when the level has changed; returns how to stop that. */
  onChange(listener: (level: MemoryLevel) => void): () => void;
  /** There are workers to watch: looks regularly until none is left. */
  wake(): void;
  /** Whether this attempt was ended to make room: it is to blame for nothing and runs alone next time. Forgets it. */
  tookRoomFrom(attemptId: AttemptId): boolean;
  close(): void;
}

export interface GuardOptions {
  readonly look: () => MemoryLook | null;
  readonly limits: LevelLimits;
  readonly workerLimitBytes: number | null;
  /** Whether idle models and workers, and in the end the youngest step, may be let go of. */
  readonly mayMakeRoom: boolean;
  readonly growthBytesPerSecond: number;
  workers(): readonly WorkerHandle[];
  dismissIdle(): Promise<void>;
  record<T extends "memory:level" | "worker:growing">(type: T, data: EventData[T]): void;
  note(level: "info" | "warn", message: string, facts?: Record<string, unknown>): void;
  /** Milliseconds of a monotonic clock. */
  now(): number;
}

/** Between two looks while something runs; a look costs a tenth of a millisecond. */
const CALM_MS = 500;
const SHORT_MS = 200;
/** Idle workers and models are let go of again after this long. */
const RECLAIM_AGAIN_MS = 5_000;
/** What a killed worker had is back in the figures by then. */
const AFTER_KILL_MS = 1_000;

/** Where memory is not watched: never short. */
export function noMemoryGuard(): MemoryGuard {
  return {
    level: "normal",
    view: null,
    onChange: () => () => {},
    wake: () => {},
    tookRoomFrom: () => false,
    close: () => {},
  };
}

export function memoryGuard(options: GuardOptions): MemoryGuard {
  const listeners = new Set<(level: MemoryLevel) => void>();
  const taken = new Set<AttemptId>();
  const growth = new Map<number, Growth>();
  let state: LevelState = calm;
  let last: MemoryLook | null = null;
  let lookedAt = -Infinity;
  let reclaimedAt = -Infinity;
  let mayKillAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;

  const look = () => {
    lookedAt = options.now();
    last = options.look() ?? last;
    if (last === null) return;
    const before = state.level;
    state = decideLevel(state, last, options.limits);
    if (state.level !== before) tell(before);
  };

  const lookIfStale = () => {
    if (!closed && options.now() - lookedAt >= CALM_MS) look();
  };

  const tell = (before: MemoryLevel) => {
    const { level, reason } = state;
    const { usedBytes, limitBytes } = last ?? { usedBytes: 0, limitBytes: 0 };
    const why = reason === null ? {} : { reason };
    options.record("memory:level", { level, ...why, usedBytes, limitBytes });
    options.note(isAtLeast(level, "hold") ? "warn" : "info", sentence(before, state), {
      usedBytes,
      limitBytes,
    });
    for (const listener of listeners) listener(level);
  };

  const tick = () => {
    timer = null;
    if (closed) return;
    look();
    const workers = options.workers();
    watchWorkers(workers);
    if (options.mayMakeRoom && isAtLeast(state.level, "reclaim")) makeRoom(workers);
    if (workers.length > 0) arm();
    else growth.clear();
  };

  const arm = () => {
    timer ??= setTimeout(tick, state.level === "normal" ? CALM_MS : SHORT_MS);
  };

  const watchWorkers = (workers: readonly WorkerHandle[]) => {
    const now = options.now();
    for (const number of growth.keys()) {
      if (!workers.some((worker) => worker.number === number)) growth.delete(number);
    }
    for (const { number, pid, rssBytes } of workers) {
      const watched = growth.get(number) ?? watchGrowth(options.growthBytesPerSecond);
      growth.set(number, watched);
      const bytesPerSecond = watched.add(now, rssBytes);
      if (bytesPerSecond === null) continue;
      const facts = { worker: number, pid, bytesPerSecond: Math.round(bytesPerSecond), rssBytes };
      options.record("worker:growing", facts);
      const pace = Math.round(bytesPerSecond / 1e6);
      options.note("warn", `worker ${number} takes ${pace} MB more every second`, facts);
    }
  };

  const makeRoom = (workers: readonly WorkerHandle[]) => {
    const now = options.now();
    if (now - reclaimedAt >= RECLAIM_AGAIN_MS) {
      reclaimedAt = now;
      options.note("warn", "memory is short: idle models and workers are let go of");
      void options.dismissIdle();
      for (const worker of workers) void worker.evictModels();
    }
    if (state.level === "kill" && now >= mayKillAt) killYoungest(workers);
  };

  /** One at a time: the next only when it is gone and what it held was counted back. The last one is never taken. */
  const killYoungest = (workers: readonly WorkerHandle[]) => {
    const victim = youngest(workers);
    if (victim?.current == null) return;
    const { attemptId } = victim.current;
    const megabytes = Math.round(victim.rssBytes / 1e6);
    const why = `memory is short (${state.reason ?? "no room"}): the youngest step was stopped to make room (${megabytes} MB); it runs again by itself, alone`;
    taken.add(attemptId);
    mayKillAt = Infinity;
    options.note("warn", why, { worker: victim.number, attemptId });
    void victim.kill(why).finally(() => {
      mayKillAt = options.now() + AFTER_KILL_MS;
    });
  };

  return {
    get level() {
      lookIfStale();
      return state.level;
    },
    get view() {
      lookIfStale();
      if (last === null) return null;
      const { level, reason } = state;
      const { usedBytes, limitBytes } = last;
      return {
        level,
        reason,
        usedBytes,
        limitBytes,
        workerLimitBytes: options.workerLimitBytes,
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake() {
      if (!closed) arm();
    },
    tookRoomFrom: (attemptId) => taken.delete(attemptId),
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** What each level means for the work. */
const meanings: Record<MemoryLevel, string> = {
  normal: "there is memory again",
  caution: "memory becomes short",
  hold: "memory is short: nothing more starts beside what runs",
  reclaim: "memory is very short: nothing more starts, idle models and workers go",
  kill: "memory is all but gone: the youngest step has to make room",
};

function sentence(before: MemoryLevel, { level, reason }: LevelState): string {
  const why = reason === null ? "" : ` (${reason})`;
  return isAtLeast(before, level) && level !== "normal"
    ? `memory is less short than before: ${level}${why}`
    : `${meanings[level]}${why}`;
}
