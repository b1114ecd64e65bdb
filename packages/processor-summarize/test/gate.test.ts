import { expect, test } from "bun:test";
import { join } from "node:path";
import { openGate } from "../src/llm/gate.ts";
import { scratchFolder } from "./support/scratch.ts";

const gateModule = join(import.meta.dir, "../src/llm/gate.ts");
const never = new AbortController().signal;
const nothing = () => {};

/** A process that enters and stays. */
async function holder(folder: string) {
  const code = `import { openGate } from ${JSON.stringify(gateModule)};
    await openGate(process.argv.at(-1), { atOnce: 1, perMinute: null }).enter(new AbortController().signal, () => {});
    console.log("in"); setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", code, "--", folder], { stdout: "pipe" });
  await child.stdout.getReader().read();
  return child;
}

test("a place that a killed process held is free again", async () => {
  await using scratch = await scratchFolder();
  const gate = openGate(scratch.path, { atOnce: 1, perMinute: null });
  const child = await holder(scratch.path);
  const waited = Promise.withResolvers<void>();
  let isIn = false;
  const entering = gate.enter(never, waited.resolve).then((pass) => {
    isIn = true;
    return pass;
  });
  await waited.promise;
  expect(isIn).toBe(false);
  child.kill("SIGKILL");
  await child.exited;
  (await entering).leave();
  expect(isIn).toBe(true);
});

test("as many are in as there are places, and one may wait until it is told not to", async () => {
  await using scratch = await scratchFolder();
  const gate = openGate(scratch.path, { atOnce: 2, perMinute: null });
  const first = await gate.enter(never, nothing);
  await gate.enter(never, nothing);
  const stop = new AbortController();
  const third = gate.enter(stop.signal, () => stop.abort(new Error("enough")));
  expect(await third.catch((error: unknown) => String(error))).toBe("Error: enough");
  first.leave();
  first.leave();
  (await gate.enter(never, nothing)).leave();
});

test("no more begin in a minute than may, and nobody enters while the gate is closed", async () => {
  await using scratch = await scratchFolder();
  const limited = openGate(join(scratch.path, "a"), { atOnce: 9, perMinute: 2 });
  (await limited.enter(never, nothing)).leave();
  (await limited.enter(never, nothing)).leave();
  const closed = openGate(join(scratch.path, "b"), { atOnce: 9, perMinute: null });
  closed.close(60_000);
  for (const gate of [limited, closed]) {
    const stop = new AbortController();
    let looks = 0;
    const waiting = gate.enter(stop.signal, () => (looks += 1) === 3 && stop.abort());
    expect(await waiting.catch(() => "still waiting")).toBe("still waiting");
  }
  const shortly = openGate(join(scratch.path, "c"), { atOnce: 9, perMinute: null });
  shortly.close(50);
  (await shortly.enter(never, nothing)).leave();
});
