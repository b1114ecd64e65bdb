/** Models are loaded once, kept while there is room, and never taken from a step that uses them. */
import { expect, test } from "bun:test";
import { modelCache } from "../../src/worker/model-cache.ts";

function cacheOf(maxBytes: number | null) {
  const events: string[] = [];
  const cache = modelCache(maxBytes, (key, error) => events.push(`${key}: ${String(error)}`));
  const get = (key: string, bytes = 10) =>
    cache.get(key, bytes, async () => {
      events.push(`load ${key}`);
      return { model: `the ${key}`, dispose: () => void events.push(`dispose ${key}`) };
    });
  return { cache, events, get };
}

test("a model is loaded once, also when it is asked for twice at a time", async () => {
  const { events, get } = cacheOf(null);
  expect(await Promise.all([get("a"), get("a")])).toEqual(["the a", "the a"]);
  expect(await get("a")).toBe("the a");
  expect(events).toEqual(["load a"]);
});

test("the least recently used one makes room", async () => {
  const { cache, events, get } = cacheOf(25);
  for (const key of ["a", "b", "a", "c"]) {
    cache.beginStep();
    await get(key);
  }
  expect(events).toEqual(["load a", "load b", "dispose b", "load c"]);
});

test("what the step in hand uses stays, whatever it costs", async () => {
  const { cache, events, get } = cacheOf(15);
  cache.beginStep();
  await get("a");
  await get("b");
  expect(events).toEqual(["load a", "load b"]);
  cache.beginStep();
  await cache.evictIdle();
  expect(events.slice(2).toSorted()).toEqual(["dispose a", "dispose b"]);
});

test("one that failed to load is tried again, one that fails to be released is told of", async () => {
  const { cache, events } = cacheOf(null);
  let tries = 0;
  const get = () =>
    cache.get("a", 1, async () => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
      return {
        model: tries,
        dispose: () => {
          throw new Error("stuck");
        },
      };
    });
  expect(await get().catch((error: Error) => error.message)).toBe("not yet");
  expect(await get()).toBe(2);
  await cache.dispose();
  expect(events).toEqual(["a: Error: stuck"]);
});
