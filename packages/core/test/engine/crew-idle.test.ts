/** Workers that nobody needs give their memory back: after a while, or after each shift while memory is short. */
import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { createCrew, type Crew, type Trade } from "../../src/engine/crew.ts";
import { createModels } from "../../src/engine/models.ts";
import { spawnWorker } from "../../src/supervisor/spawn-worker.ts";
import type { WorkerHandle } from "../../src/supervisor/port.ts";
import { fixtureUrl } from "../supervisor/start-worker.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("crew-idle");
const crews: Crew[] = [];

afterEach(async () => {
  await Promise.all(crews.splice(0).map((crew) => crew.close(0)));
});

const trade: Trade = {
  key: "noop",
  spec: {
    homeId: "c0ffee01",
    processor: { url: fixtureUrl("noop"), name: "noop" },
    options: {},
    env: {},
    cpus: 1,
    limits: {
      startupTimeoutMs: 20_000,
      heartbeatTimeoutMs: 20_000,
      progressTimeoutMs: 20_000,
      stepTimeoutMs: null,
      shutdownTimeoutMs: 200,
      forceKillTimeoutMs: 200,
      memoryBytes: null,
      progressIntervalMs: 20,
    },
  },
};

function crewOf(given: { idleMs?: number; recycleAlways?: () => boolean }): Crew {
  const crew = createCrew({
    spawn: spawnWorker,
    tempRoot: join(fresh(), "tmp"),
    models: createModels({ maxBytes: 1e9, maxModels: 2 }),
    restarts: { maxRestarts: 10, windowMs: 300_000, backoffSeconds: [3_600] },
    keepIdle: 4,
    recycleAfterItems: 1_000,
    recycleMemoryBytes: null,
    idleMs: 60_000,
    recycleAlways: () => false,
    now: () => performance.now(),
    random: () => 0.99,
    onStarted: () => {},
    ...given,
  });
  crews.push(crew);
  return crew;
}

async function takeReady(crew: Crew): Promise<WorkerHandle> {
  const listener = {
    onFact: () => {},
    onResults: () => Promise.resolve(),
    onCheckpoint: () => Promise.resolve(),
    onExit: () => {},
  };
  const worker = await crew.take(trade, listener, new AbortController().signal);
  if (worker === null) throw new Error("no worker");
  await worker.ready;
  return worker;
}

async function untilGone(worker: WorkerHandle): Promise<void> {
  while (worker.state !== "exited") await Bun.sleep(5);
}

test("an idle worker leaves after its time, one at work stays", async () => {
  const crew = crewOf({ idleMs: 150 });
  const [idle, busy] = [await takeReady(crew), await takeReady(crew)];
  crew.putBack(idle, trade);
  await untilGone(idle);
  expect(busy.state).toBe("ready");
  expect(crew.workers).toEqual([busy]);
});

test("one that is taken again in time stays", async () => {
  const crew = crewOf({ idleMs: 60_000 });
  const first = await takeReady(crew);
  crew.putBack(first, trade);
  expect(await takeReady(crew)).toBe(first);
});

test("while memory is short a worker is replaced after each shift", async () => {
  let isShort = true;
  const crew = crewOf({ recycleAlways: () => isShort });
  const first = await takeReady(crew);
  crew.putBack(first, trade);
  await untilGone(first);
  isShort = false;
  const second = await takeReady(crew);
  crew.putBack(second, trade);
  expect(await takeReady(crew)).toBe(second);
});
