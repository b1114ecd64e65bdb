/** The account of models: limits over all workers, the least recently used first, nobody waits for ever. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  askForModel,
  dropModel,
  emptyAccount,
  endUse,
  forgetWorker,
  keepModel,
  useModel,
  type ModelAccount,
  type Settled,
} from "../../src/schedule/model-account.ts";
import { placesFor } from "../../src/schedule/model-places.ts";

const limits = { maxBytes: 100, maxModels: 3 };

/** Runs changes one after the other and keeps what followed from the last. */
function after(...changes: ((account: ModelAccount) => Settled)[]): Settled {
  let last: Settled = { account: emptyAccount(limits), granted: [], evict: [] };
  for (const change of changes) last = change(last.account);
  return last;
}

const ask =
  (worker: number, key: string, bytes = 30, attempt = worker) =>
  (account: ModelAccount) =>
    askForModel(account, { worker, key, bytes, attempt });
const use =
  (worker: number, key: string, attempt = worker) =>
  (account: ModelAccount) =>
    useModel(account, { worker, key, attempt });
const end =
  (worker: number, attempt = worker) =>
  (account: ModelAccount) =>
    endUse(account, worker, attempt);
const drop = (worker: number, key: string) => (account: ModelAccount) =>
  dropModel(account, worker, key);
const keysOf = (list: readonly { key: string }[]) => list.map(({ key }) => key);

describe("who may load", () => {
  test("while there is room, at once", () => {
    expect(keysOf(after(ask(1, "a"), ask(2, "b")).granted)).toEqual(["b"]);
  });

  test("the least recently used idle model makes room, and the load waits until it is gone", () => {
    const asked = after(
      ask(1, "a"),
      end(1),
      ask(2, "b"),
      end(2),
      use(1, "a", 3),
      end(1, 3),
      ask(3, "c", 50),
    );
    expect(asked.granted).toEqual([]);
    expect(keysOf(asked.evict)).toEqual(["b"]);
    expect(keysOf(drop(2, "b")(asked.account).granted)).toEqual(["c"]);
  });

  test("one that is in use is never told to leave: the load waits for the end of its step", () => {
    const asked = after(ask(1, "a", 60), ask(2, "b", 60));
    expect([asked.granted, asked.evict]).toEqual([[], []]);
    const ended = end(1)(asked.account);
    expect(keysOf(ended.evict)).toEqual(["a"]);
    expect(keysOf(drop(1, "a")(ended.account).granted)).toEqual(["b"]);
  });

  test("one that came into use meanwhile stays, and the next end of a step makes room", () => {
    const told = after(ask(1, "a", 60), end(1), ask(2, "b", 60), use(1, "a", 9));
    const kept = keepModel(told.account, { worker: 1, key: "a", attempt: 9 });
    expect(kept.evict).toEqual([]);
    expect(keysOf(end(1, 9)(kept.account).evict)).toEqual(["a"]);
  });

  test("too many are as bad as too large", () => {
    const asked = after(ask(1, "a", 1), ask(2, "b", 1), ask(3, "c", 1), ask(4, "d", 1));
    expect(asked.granted).toEqual([]);
    expect(keysOf(end(2)(asked.account).evict)).toEqual(["b"]);
  });

  test("no smaller one overtakes the first in line", () => {
    expect(after(ask(1, "a", 60), ask(2, "b", 60), ask(3, "c", 1)).granted).toEqual([]);
  });

  test("what a dead worker held is room", () => {
    const asked = after(ask(1, "a", 60), ask(2, "b", 60));
    expect(keysOf(forgetWorker(asked.account, 1).granted)).toEqual(["b"]);
  });

  test("a model larger than the limit loads as the only one", () => {
    const asked = after(ask(1, "a"), end(1), ask(2, "huge", 500));
    expect(keysOf(asked.evict)).toEqual(["a"]);
    expect(keysOf(drop(1, "a")(asked.account).granted)).toEqual(["huge"]);
  });

  test("two steps that hold one each and want one more do not wait for each other for ever", () => {
    const both = after(ask(1, "a", 50), ask(2, "b", 50), ask(1, "c", 50));
    expect(both.granted).toEqual([]);
    expect(keysOf(ask(2, "d", 50)(both.account).granted)).toEqual(["c"]);
  });
});

test("whatever happens: limits hold or nothing else could go on, what is used stays, and all who wait are served", () => {
  const change = fc.record({
    worker: fc.integer({ min: 1, max: 4 }),
    key: fc.constantFrom("a", "b", "c", "d", "e"),
    bytes: fc.integer({ min: 1, max: 130 }),
    what: fc.constantFrom("ask", "ask", "end", "gone", "die"),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
      let account = emptyAccount(limits);
      const apply = (settled: Settled) => {
        for (const model of settled.evict) expect(model.usedBy).toBeNull();
        const before = settled.account.held.filter(({ usedBy }) => usedBy !== null);
        const total = settled.account.held.reduce((sum, { bytes }) => sum + bytes, 0);
        if (total > limits.maxBytes || settled.account.held.length > limits.maxModels) {
          if (settled.granted.length > 0) {
            // Over the limits only when nothing idle is left.
            expect(before.length).toBe(settled.account.held.length);
          }
        }
        account = settled.account;
      };
      for (const { worker, key, bytes, what } of changes) {
        const held = account.held.find((each) => each.worker === worker && each.key === key);
        const asks = account.asks.some((each) => each.worker === worker);
        if (what === "ask" && !asks && held?.leaving !== true) {
          if (held === undefined)
            apply(askForModel(account, { worker, key, bytes, attempt: worker }));
          else apply(useModel(account, { worker, key, attempt: worker }));
        } else if (what === "end" && !asks) apply(endUse(account, worker, worker));
        else if (what === "gone" && held?.leaving === true) apply(dropModel(account, worker, key));
        else if (what === "die") apply(forgetWorker(account, worker));
      }
      // Every worker does what it is told, and every step that does not wait ends: then the line empties.
      for (let n = 0; account.asks.length > 0; n += 1) {
        expect(n).toBeLessThan(100);
        for (const { worker, key, leaving } of account.held) {
          if (leaving) apply(dropModel(account, worker, key));
        }
        for (const worker of [1, 2, 3, 4]) {
          if (!account.asks.some((each) => each.worker === worker))
            apply(endUse(account, worker, worker));
        }
      }
    }),
    { numRuns: 500 },
  );
});

describe("places for workers of one kind", () => {
  const share = { models: 1, bytes: 40 };
  const mine = (worker: number) => worker < 10;
  const nobody = () => false;

  test("as many as there is room for, and those that hold theirs", () => {
    expect(placesFor(emptyAccount(limits), share, mine, nobody)).toBe(2);
    expect(placesFor(after(ask(1, "a", 40)).account, share, mine, nobody)).toBe(2);
    expect(placesFor(after(ask(20, "x", 40), end(20)).account, share, mine, nobody)).toBe(1);
  });

  test("idle models of kinds without work are room, used ones are not", () => {
    const spare = (worker: number) => worker === 20;
    expect(placesFor(after(ask(20, "x", 40), end(20)).account, share, mine, spare)).toBe(2);
    expect(placesFor(after(ask(20, "x", 90)).account, share, mine, spare)).toBe(1);
  });

  test("always one, and no bound for those that use no models", () => {
    expect(placesFor(emptyAccount(limits), { models: 9, bytes: 900 }, mine, nobody)).toBe(1);
    expect(placesFor(emptyAccount(limits), { models: 0, bytes: 0 }, mine, nobody)).toBe(Infinity);
  });
});
