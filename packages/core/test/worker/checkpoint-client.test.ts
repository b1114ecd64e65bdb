/** Checkpoints are durable when a call resolves, in order, with saves that overtake each other written once. */
import { expect, test } from "bun:test";
import { checkpointClient, type CheckpointChange } from "../../src/worker/checkpoint-client.ts";

function clientOf(stored: { value: unknown; parts: unknown[] } | null = null) {
  const written: CheckpointChange[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const client = checkpointClient(stored, async (change) => {
    written.push(change);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
  });
  const pass = async () => {
    while (gates.length === 0) await Promise.resolve();
    gates.shift()?.resolve();
  };
  return { client, written, pass };
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
  await client.end();
  expect(await words(client.append(1))).toContain("the step is over");
});
