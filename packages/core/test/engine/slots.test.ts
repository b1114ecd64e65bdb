/** Slots are given in order, as many as are allowed right now, and one that is alone has nothing beside it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createSlots } from "../../src/engine/slots.ts";

test("fewer are allowed at once, and more when the number rises again", async () => {
  const slots = createSlots(4);
  const first = await Promise.all([slots.acquire(1), slots.acquire(1), slots.acquire(1)]);
  slots.allow(2);
  let granted = 0;
  for (let n = 0; n < 3; n += 1) void slots.acquire(1).then(() => (granted += 1));
  first[0]?.();
  await Promise.resolve();
  expect([slots.used, granted]).toEqual([2, 0]);
  first[1]?.();
  await Promise.resolve();
  expect([slots.used, granted]).toEqual([2, 1]);
  slots.allow(9);
  await Promise.resolve();
  expect([slots.used, slots.allowed, granted]).toEqual([4, 4, 3]);
});

test("with none allowed one still goes on", async () => {
  const slots = createSlots(4);
  slots.allow(0);
  const release = await slots.acquire(1);
  expect(slots.used).toBe(1);
  release();
  release();
  expect(slots.used).toBe(0);
});

test("whatever is asked for and given back: never more than allowed, alone means alone, nobody is forgotten", async () => {
  const action = fc.oneof(
    fc
      .constantFrom<1 | "all">(1, 1, 1, "all")
      .map((wanted) => ({ do: "acquire" as const, wanted })),
    fc.nat(10).map((at) => ({ do: "release" as const, at })),
    fc.nat(5).map((most) => ({ do: "allow" as const, most })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      const slots = createSlots(4);
      const held: { wanted: 1 | "all"; release: () => void }[] = [];
      let waiting = 0;
      for (const each of actions) {
        const before = slots.used;
        if (each.do === "acquire") {
          waiting += 1;
          void slots.acquire(each.wanted).then((release) => {
            waiting -= 1;
            held.push({ wanted: each.wanted, release });
          });
        } else if (each.do === "release") held.splice(each.at, 1)[0]?.release();
        else slots.allow(each.most);
        await Promise.resolve();
        await Promise.resolve();
        expect(slots.used).toBe(held.length);
        expect(slots.used).toBeLessThanOrEqual(Math.max(before, slots.allowed));
        if (held.some(({ wanted }) => wanted === "all")) expect(held).toHaveLength(1);
      }
      while (held.length > 0) {
        held.pop()?.release();
        await Promise.resolve();
        await Promise.resolve();
      }
      expect(waiting).toBe(0);
    }),
  );
});
