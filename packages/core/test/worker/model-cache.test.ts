/** Models are loaded once and with leave, kept until they have to go, and never taken from a step that uses them. */
import { expect, test } from "bun:test";
import { modelCache } from "../../src/worker/model-cache.ts";

function cacheOf(mayLoad: (key: string) => Promise<void> = async () => {}) {
  const events: string[] = [];
  const cache = modelCache({
    mayLoad: (_attempt, key) => mayLoad(key),
    tell: (attempt, key, what) => events.push(`${key} ${what} by ${attempt}`),
    onError: (key, error) => events.push(`${key}: ${String(error)}`),
  });
  const get = (key: string, bytes = 10) =>
    cache.get(key, bytes, async () => {
      events.push(`load ${key}`);
      return { model: `the ${key}`, dispose: () => void events.push(`dispose ${key}`) };
    });
  return { cache, events, get };
}

test("a model is loaded once, also when it is asked for twice at a time", async () => {
  const { events, get } = cacheOf();
  expect(await Promise.all([get("a"), get("a")])).toEqual(["the a", "the a"]);
  expect(await get("a")).toBe("the a");
  expect(events).toEqual(["load a"]);
});

test("the host hears once of each step that uses a model again", async () => {
  const { cache, events, get } = cacheOf();
  for (const attempt of [1, 2]) {
    cache.current = attempt;
    await get("a");
    await get("a");
  }
  expect(events).toEqual(["load a", "a used by 2"]);
});

test("what the step in hand uses stays, the rest goes when it is told to", async () => {
  const { cache, events, get } = cacheOf();
  cache.current = 1;
  await get("a");
  cache.current = 2;
  await get("b");
  expect(await cache.evict("b")).toBe(2);
  expect(await cache.evict("a")).toBeNull();
  cache.current = null;
  await cache.evictIdle();
  expect(events.slice(2)).toEqual(["dispose a", "dispose b", "b gone by 0"]);
});

test("one is gone before it is loaded again", async () => {
  const { cache, events, get } = cacheOf();
  cache.current = 1;
  await get("a");
  cache.current = 2;
  const gone = cache.evict("a");
  await Promise.all([gone, get("a")]);
  expect(events).toEqual(["load a", "dispose a", "load a"]);
});

test("without leave nothing is loaded", async () => {
  const { events, get } = cacheOf(() => Promise.reject(new Error("no room")));
  expect(await get("a").catch((error: Error) => error.message)).toBe("no room");
  expect(events).toEqual([]);
});

test("one that failed to load is tried again, one that fails to be released is told of", async () => {
  const { cache, events } = cacheOf();
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
  expect(events).toEqual(["a gone by 0", "a: Error: stuck"]);
});

test.each([
  ["", 1],
  ["x".repeat(501), 1],
  ["a", Number.NaN],
  ["a", -1],
])("a wrong key or size is refused: %j, %d", async (key, bytes) => {
  const { get } = cacheOf();
  expect(await get(key, bytes).catch((error: Error) => error.message)).toStartWith("models.get: ");
});
