/** A kind of worker that keeps dying is restarted later and later; a completion, or a person, ends the wait. */
import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { createCrew, type Crew, type Trade } from "../../src/engine/crew.ts";
import { createModels } from "../../src/engine/models.ts";
import type { RestartDecision } from "../../src/schedule/restart.ts";
import { spawnWorker } from "../../src/supervisor/spawn-worker.ts";
import { fixtureUrl } from "../supervisor/start-worker.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("crew");
const crews: Crew[] = [];

afterEach(async () => {
  await Promise.all(crews.splice(0).map((crew) => crew.close(0)));
});

const trade: Trade = {
  key: "noop",
  spec: {
    homeId: "c0ffee00",
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

function crewOf(maxRestarts: number): Crew {
  const crew = createCrew({
    spawn: spawnWorker,
    tempRoot: join(fresh(), "tmp"),
    models: createModels({ maxBytes: 1e9, maxModels: 2 }),
    restarts: { maxRestarts, windowMs: 300_000, backoffSeconds: [3_600] },
    keepIdle: 2,
    recycleAfterItems: 1_000,
    recycleMemoryBytes: null,
    idleMs: 60_000,
    recycleAlways: () => false,
    now: () => performance.now(),
    random: () => 0.99,
    onStarted: () => {},
  });
  crews.push(crew);
  return crew;
}

/** Takes a worker, waits until it is ready, and ends it from outside. */
async function loseOne(crew: Crew): Promise<RestartDecision> {
  const died = Promise.withResolvers<RestartDecision>();
  const listener = {
    onFact: () => {},
    onResults: () => Promise.resolve(),
    onCheckpoint: () => Promise.resolve(),
    onExit: (_exit: unknown, restart: RestartDecision) => died.resolve(restart),
  };
  const worker = await crew.take(trade, listener, new AbortController().signal);
  await worker?.ready;
  if (worker !== null) process.kill(worker.pid, "SIGKILL");
  return died.promise;
}

test.each(["completed", "forgive"] as const)(
  "the second death in a row makes the next start wait, until %s ends the series",
  async (word) => {
    const crew = crewOf(10);
    expect(await loseOne(crew)).toMatchObject({ restart: true, delayMs: 0 });
    await loseOne(crew);
    let taken = false;
    const third = loseOne(crew).finally(() => (taken = true));
    await Promise.resolve();
    expect([taken, crew.workers.length]).toEqual([false, 0]);
    crew[word](trade.key);
    expect(await third).toMatchObject({ restart: true, delayMs: 0 });
  },
);

test("whoever is told to stop meanwhile gets no worker", async () => {
  const crew = crewOf(10);
  await loseOne(crew);
  await loseOne(crew);
  const leaving = new AbortController();
  const listener = {
    onFact: () => {},
    onResults: () => Promise.resolve(),
    onCheckpoint: () => Promise.resolve(),
    onExit: () => {},
  };
  const taken = crew.take(trade, listener, leaving.signal);
  leaving.abort();
  expect(await taken).toBeNull();
});

test("more deaths with nobody to blame than max_restart_attempts are too many", async () => {
  expect(await loseOne(crewOf(0))).toEqual({
    restart: false,
    reason: "restart-intensity",
    deaths: 1,
  });
});
