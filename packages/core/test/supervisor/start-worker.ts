/** Starts a real worker on a fixture processor and notes everything it says. Test side, I/O. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepOrder, StepResult } from "../../src/rpc/contract.ts";
import type {
  SpawnWorker,
  WorkerExit,
  WorkerFact,
  WorkerHandle,
  WorkerLimits,
  WorkerListener,
} from "../../src/supervisor/port.ts";
import { spawnWorker } from "../../src/supervisor/spawn-worker.ts";

const FIXTURES = join(import.meta.dir, "../../../../tests/fixtures/processors");
const OWN = join(import.meta.dir, "../fixtures/processors");

export function fixtureUrl(name: string): string {
  const own = join(OWN, `${name}.ts`);
  return Bun.pathToFileURL(existsSync(own) ? own : join(FIXTURES, `${name}.ts`)).href;
}

/** Limits that no test runs into by itself. */
const generous: WorkerLimits = {
  startupTimeoutMs: 20_000,
  heartbeatTimeoutMs: 20_000,
  progressTimeoutMs: 20_000,
  stepTimeoutMs: null,
  shutdownTimeoutMs: 200,
  forceKillTimeoutMs: 200,
  memoryBytes: null,
  progressIntervalMs: 20,
};

export interface WorkerSetting {
  readonly root: string;
  readonly processor: string;
  readonly url?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<WorkerLimits>;
  readonly listener?: Partial<WorkerListener>;
  readonly spawn?: SpawnWorker;
  /** Pace of saves in its orders; each at once unless given. */
  readonly saves?: StepOrder["saves"];
}

export interface TestWorker {
  readonly handle: WorkerHandle;
  readonly facts: WorkerFact[];
  readonly results: Map<number, StepResult>;
  readonly exit: Promise<WorkerExit>;
  exits: number;
  /** Text of all log facts. */
  logs(): string;
  /** The log facts, each as "attempt level message". */
  said(): string[];
  /** Resolves when a step has begun. */
  begun(): Promise<void>;
  /** Resolves with the result of a step. */
  result(attemptId: number): Promise<StepResult>;
  /** Orders for sources of these names, with attempts from 1 on, in their order. */
  orders(...names: string[]): StepOrder[];
  readonly tempDir: string;
}

/** Numbers are never used twice: what carries the number of a worker that is gone is swept up. */
let workers = 0;

export function startWorker(setting: WorkerSetting): TestWorker {
  const { root, processor, listener = {} } = setting;
  const facts: WorkerFact[] = [];
  const results = new Map<number, StepResult>();
  const waiting = new Map<number, PromiseWithResolvers<StepResult>>();
  const exit = Promise.withResolvers<WorkerExit>();
  const tempDir = join(root, `worker-${workers}`);
  let attempts = 0;

  const worker: TestWorker = {
    facts,
    results,
    exit: exit.promise,
    exits: 0,
    tempDir,
    logs: () => facts.map((fact) => (fact.fact === "log" ? `${fact.message}\n` : "")).join(""),
    said: () =>
      facts.flatMap((fact) =>
        fact.fact === "log" ? [`${fact.attemptId} ${fact.level} ${fact.message}`] : [],
      ),
    begun: async () => {
      await until("a step has begun", () => facts.some(({ fact }) => fact === "started"));
    },
    result: (attemptId) => {
      const known = results.get(attemptId);
      if (known !== undefined) return Promise.resolve(known);
      const promise = waiting.get(attemptId) ?? Promise.withResolvers<StepResult>();
      waiting.set(attemptId, promise);
      return promise.promise;
    },
    orders: (...names) =>
      names.map((name) => ({
        ...orderFor(root, name, (attempts += 1)),
        ...(setting.saves === undefined ? {} : { saves: setting.saves }),
      })),
    handle: (setting.spawn ?? spawnWorker)(
      {
        homeId: "0a1b2c3d",
        number: (workers += 1),
        processor: { url: setting.url ?? fixtureUrl(processor), name: processor },
        options: setting.options ?? {},
        env: setting.env ?? {},
        cpus: 1,
        tempDir,
        limits: { ...generous, ...setting.limits },
      },
      {
        onFact: (fact) => {
          facts.push(fact);
          listener.onFact?.(fact);
        },
        onResults: async (batch) => {
          for (const { attemptId, result } of batch) {
            results.set(attemptId, result);
            waiting.get(attemptId)?.resolve(result);
          }
          await listener.onResults?.(batch);
        },
        onCheckpoint: async (attemptId, change) => await listener.onCheckpoint?.(attemptId, change),
        onExit: (how) => {
          worker.exits += 1;
          exit.resolve(how);
          listener.onExit?.(how);
        },
        ...(listener.onError === undefined ? {} : { onError: listener.onError }),
      },
    ),
  };
  return worker;
}

function orderFor(root: string, name: string, attemptId: number): StepOrder {
  const path = join(root, name);
  const stagingDir = join(root, `staging-${attemptId}`);
  mkdirSync(stagingDir);
  writeFileSync(path, "some words");
  const stem = name.replace(/\.[^.]*$/, "");
  const source = { path, name, stem, relativePath: name, bytes: 10, mimeType: "text/plain" };
  return {
    attemptId,
    input: { kind: "map", source, artifacts: [] },
    jobTime: "2025-01-02T03:04:05.000Z",
    stagingDir,
    tempDir: join(root, `temp-${attemptId}`),
    checkpoint: null,
    saves: { how: "each" },
  };
}

/** Waits for a condition, by looking again; says for what when it waits in vain. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await Bun.sleep(5)) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
  }
  throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
}

/** The exit as a crash; fails the test when it was none. */
export function crashed(exit: WorkerExit): Extract<WorkerExit, { how: "crashed" }> {
  if (exit.how !== "crashed") throw new Error(`it did not crash: ${JSON.stringify(exit)}`);
  return exit;
}
