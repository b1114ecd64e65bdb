/** Checkpoints: order, coalescing, the pace of saves, and what of them is there after a death at any moment. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkpointClient, type CheckpointChange } from "../../src/worker/checkpoint-client.ts";

type Stored = { value: unknown; parts: unknown[] };

function clientOf(stored: Stored | null = null, intervalMs: () => number | null = () => 0) {
  const written: CheckpointChange[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  let takenCount = 0;
  const client = checkpointClient(stored, {
    write: async (change) => {
      written.push(change);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
    },
    intervalMs,
    onTaken: () => (takenCount += 1),
  });
  const pass = async () => {
    while (gates.length === 0) await Promise.resolve();
    gates.shift()?.resolve();
  };
  return { client, written, pass, gates, taken: () => takenCount };
}

test("saves that wait for one under way become one, with the newest value", async () => {
  const { client, written, pass } = clientOf();
  const first = client.save(1);
  await Promise.resolve();
  const rest = [client.save(2), client.save(3), client.save(4)];
  await pass();
  await first;
  await pass();
  await Promise.all(rest);
  expect(written).toEqual([{ save: 1 }, { save: 4 }]);
});

test("a part between two saves stays between them", async () => {
  const { client, written, pass } = clientOf();
  const all = [client.save("a"), client.append("b"), client.save("c"), client.save("d")];
  for (let i = 0; i < 3; i += 1) await pass();
  await Promise.all(all);
  expect(written).toEqual([{ save: "a" }, { append: "b" }, { save: "d" }]);
});

test("what was saved can be loaded, by value", async () => {
  const { client, pass } = clientOf({ value: { at: 1 }, parts: ["x"] });
  const part = { text: "y" };
  const appended = client.append(part);
  part.text = "changed later";
  await pass();
  await appended;
  const loaded = await client.load<{ at: number }>();
  expect(loaded as unknown).toEqual({ value: { at: 1 }, parts: ["x", { text: "y" }] });
  if (loaded?.value) loaded.value.at = 9;
  expect((await client.load<{ at: number }>())?.value).toEqual({ at: 1 });
});

test("what is not plain is refused with its place, and what comes after the end", async () => {
  const { client } = clientOf();
  const words = (work: Promise<void>) => work.catch((error: Error) => error.message);
  expect(await words(client.save({ when: new Date() } as never))).toContain(
    "the value.when is Date",
  );
  await client.end(true);
  expect(await words(client.append(1))).toContain("the step is over");
});

describe("with an interval", () => {
  const hour = () => 3_600_000;

  test("the first save is written at once, later ones are taken at once and wait", async () => {
    const { client, written, pass, taken } = clientOf(null, hour);
    const first = client.save(1);
    await pass();
    await first;
    for (let n = 2; n < 1_000; n += 1) await client.save(n);
    expect(written).toEqual([{ save: 1 }]);
    expect(taken()).toBe(998);
    expect((await client.load<number>())?.value).toBe(999);
  });

  test("the newest one is written when the interval is over", async () => {
    const { client, written, pass } = clientOf(null, () => 50);
    const begun = performance.now();
    const first = client.save(1);
    await pass();
    await first;
    for (let n = 2; n < 10; n += 1) await client.save(n);
    while (written.length < 2) await Bun.sleep(1);
    expect(performance.now() - begun).toBeGreaterThan(48);
    expect(written).toEqual([{ save: 1 }, { save: 9 }]);
    await pass();
  });

  test.each([
    ["a step that failed or was cancelled", false, [{ save: 1 }, { save: 3 }]],
    ["a completed one, where nobody will ask for it,", true, [{ save: 1 }]],
  ])("the end of %s: written or not", async (_what, completed, expected) => {
    const { client, written, pass } = clientOf(null, hour);
    const first = client.save(1);
    await pass();
    await first;
    await client.save(2);
    await client.save(3);
    const ended = client.end(completed);
    if (!completed) await pass();
    await ended;
    expect(written).toEqual(expected as CheckpointChange[]);
  });

  test("a cancel sends what waits without waiting for the processor", async () => {
    const { client, written, pass } = clientOf(null, hour);
    const first = client.save(1);
    await pass();
    await first;
    await client.save(2);
    client.hurry();
    client.hurry();
    await pass();
    expect(written).toEqual([{ save: 1 }, { save: 2 }]);
  });

  test("a part takes the save before it along, and waits for neither interval nor timer", async () => {
    const { client, written, pass } = clientOf(null, hour);
    const first = client.save("a");
    await pass();
    await first;
    await client.save("b");
    const appended = client.append("part");
    await pass();
    await pass();
    await appended;
    await client.save("c");
    expect(written).toEqual([{ save: "a" }, { save: "b" }, { append: "part" }]);
  });

  test("a save that could not be written is told to the next call, once", async () => {
    let broken = false;
    const client = checkpointClient(null, {
      write: () => (broken ? Promise.reject(new Error("the disk is gone")) : Promise.resolve()),
      intervalMs: hour,
      onTaken: () => {},
    });
    await client.save(1);
    broken = true;
    await client.save(2);
    client.hurry();
    await Bun.sleep(0);
    const words = (work: Promise<void>) => work.catch((error: Error) => error.message);
    expect(await words(client.save(3))).toBe("the disk is gone");
    expect(await words(client.save(4))).toBeUndefined();
  });
});

test("value and parts together are bounded: what does not fit is refused, what was kept stays", async () => {
  const { client, written, pass } = clientOf();
  const part = "x".repeat(10 * 1024 * 1024);
  for (let i = 0; i < 3; i += 1) {
    const kept = client.append(part);
    await pass();
    await kept;
  }
  for (const refused of [client.append(part), client.save(part)]) {
    expect(
      await refused.then(
        () => null,
        (error: unknown) => error,
      ),
    ).toMatchObject({
      code: "checkpoint_too_large",
    });
  }
  const small = client.append("the end");
  await pass();
  await small;
  expect(written).toHaveLength(4);
  expect((await client.load())?.parts).toHaveLength(4);
});

test("twenty thousand parts that nobody waits for are taken in the time that they need", async () => {
  let written = 0;
  const client = checkpointClient(null, {
    write: async () => void (written += 1),
    intervalMs: () => 0,
    onTaken: () => {},
  });
  const all = Array.from({ length: 20_000 }, (_, i) => client.append({ i }));
  await Promise.all(all);
  expect(written).toBe(20_000);
}, 20_000);

test("switched off, nothing is written and no call fails", async () => {
  const { client, written } = clientOf(null, () => null);
  await client.save(1);
  await client.append("x");
  client.hurry();
  await client.end(false);
  expect(written).toEqual([]);
  expect((await client.load()) as unknown).toEqual({ value: 1, parts: ["x"] });
});

type Call = "save" | "append" | "hurry" | "written" | "turn";

test("killed at any moment, what is stored is what some prefix of the calls made, acknowledged parts included", async () => {
  const calls = fc.array(
    fc.constantFrom<Call>("save", "save", "append", "hurry", "written", "turn"),
    { maxLength: 40 },
  );
  const intervals = fc.constantFrom(0, 1, 3_600_000);
  await fc.assert(
    fc.asyncProperty(calls, intervals, async (script, interval) => {
      const stored: Stored = { value: null, parts: [] };
      const { client, written, gates } = clientOf(null, () => interval);
      /** What each prefix of the calls made. */
      const prefixes = ["null []"];
      const seen: Stored = { value: null, parts: [] };
      const acknowledged = new Set<number>();
      let durable = 0;
      const writeOne = () => {
        const change = written[durable];
        if (change === undefined) return;
        if ("save" in change) stored.value = change.save;
        else stored.parts.push(change.append);
        durable += 1;
        gates.shift()?.resolve();
      };
      for (const [n, call] of script.entries()) {
        if (call === "save") {
          seen.value = n;
          void client.save(n);
        } else if (call === "append") {
          seen.parts.push(n);
          void client.append(n).then(() => acknowledged.add(n));
        } else if (call === "hurry") client.hurry();
        else if (call === "written") writeOne();
        else for (let i = 0; i < 8; i += 1) await Promise.resolve();
        prefixes.push(`${String(seen.value)} ${JSON.stringify(seen.parts)}`);
        // A death now.
        expect(prefixes).toContain(`${String(stored.value)} ${JSON.stringify(stored.parts)}`);
        for (const part of acknowledged) expect(stored.parts).toContain(part);
      }
      const over = client.end(false);
      for (let left = script.length + 1; left > 0; left -= 1) {
        for (let i = 0; i < 8; i += 1) await Promise.resolve();
        writeOne();
      }
      await over;
      expect(stored).toEqual(seen);
    }),
    { numRuns: 300 },
  );
});
