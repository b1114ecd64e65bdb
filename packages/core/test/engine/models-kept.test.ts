/** Models that are not let go of, and uses that nobody would ever end: neither keeps room from others. */
import { expect, test } from "bun:test";
import { createModels } from "../../src/engine/models.ts";
import { until, startWorker } from "../supervisor/start-worker.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("models-kept");

test("a busy worker that keeps a model it was told to let go of is ended when it becomes idle", async () => {
  const models = createModels({ maxBytes: 100, maxModels: 1 }, 10);
  let isIdle = false;
  let asked = 0;
  models.join(1, {
    tradeKey: "keeps",
    isIdle: () => {
      asked += 1;
      return isIdle;
    },
    evict: () => new Promise(() => {}),
    kill: () => models.leave(1),
  });
  models.join(2, {
    tradeKey: "waits",
    isIdle: () => false,
    evict: async () => null,
    kill: () => {},
  });
  await models.ask(1, 1, "a", 10);
  models.endUse(1, 1);
  const granted = models.ask(2, 2, "b", 10);
  await until("it was found busy", async () => (asked > 1 ? true : null));
  isIdle = true;
  await granted;
  expect(models.heldBytes(1)).toBe(0);
  expect(models.heldBytes(2)).toBe(10);
  models.leave(2);
});

test("one whose step waits for another model itself is ended too: nothing else would end that wait", async () => {
  const models = createModels({ maxBytes: 100, maxModels: 1 }, 10);
  const killed = Promise.withResolvers<string>();
  models.join(1, {
    tradeKey: "keeps",
    isIdle: () => false,
    evict: () => new Promise(() => {}),
    kill: (why) => {
      models.leave(1);
      killed.resolve(why);
    },
  });
  await models.ask(1, 1, "a", 10);
  models.endUse(1, 1);
  const refused = models.ask(1, 2, "b", 10).catch(String);
  expect(await killed.promise).toContain("does not let go of the model a");
  expect(await refused).toContain("the step is over");
});

test("a model that is asked for when its step is over counts as used by nobody", async () => {
  const worker = startWorker({ root: fresh(), processor: "late-model" });
  worker.handle.run(worker.orders("a.txt"));
  await worker.result(1);
  await until("it asked again", async () => (worker.logs().includes("asked again") ? true : null));
  await worker.handle.stop(1_000);
  expect(worker.facts.filter((fact) => fact.fact === "model" && fact.what === "used")).toEqual([]);
});
