/** A home's server when nothing happens for long: streams stay open, the log is told what counts, settings are read again. */
import { expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

test("a stream of events outlives a silence, and still tells what comes after it", async () => {
  await using space = await workspace();
  const server = startKc(space, ["serve"]);
  try {
    await until("it answers", async () => (await livez(space.home)) === 200);
    const stop = new AbortController();
    const response = await fetch("http://kc/api/v1/events", {
      unix: `${space.home}/server.sock`,
      signal: stop.signal,
    });
    let text = "";
    let isOver = false;
    void (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })().then(
      () => (isOver = true),
      () => (isOver = true),
    );
    // Longer than the ten seconds after which a silent connection is dropped by default.
    await Bun.sleep(13_000);
    expect(isOver).toBe(false);
    await space.file("in/a.txt", "text");
    await kc(space, ["submit", "in", "--out", "out", "--pipeline", fixture("copy")]);
    await until("the event arrives", () => text.includes('"state":"completed"'));
    stop.abort();
  } finally {
    server.kill("SIGKILL");
    await server.exited;
  }
});

test("SIGHUP takes over what it can, names what waits for the next start, and refuses a wrong file", async () => {
  await using space = await workspace();
  const config = await space.file("c.yaml", "health:\n  minimum_events: 1\n");
  const server = startKc(space, ["serve", "--config", config]);
  try {
    await until("it answers", async () => (await livez(space.home)) === 200);
    await writeFile(config, "logging:\n  level: debug\nprocess_isolation:\n  workers: 3\n");
    server.kill("SIGHUP");
    const log = `${space.home}/logs/knowledge_system.log`;
    await until("the log says so", async () =>
      (await readFile(log, "utf8")).includes("read again"),
    );
    await writeFile(config, "logging:\n  level: loud\n");
    server.kill("SIGHUP");
    await Bun.sleep(300);
    expect(await livez(space.home)).toBe(200);
  } finally {
    server.kill("SIGTERM");
    await server.exited;
  }
  const said = await server.stderr.text();
  expect(said).toContain("changed: logging.level, health.minimum_events");
  expect(said).toContain("from the next start on: process_isolation.workers");
  expect(said).toContain("not taken over: ");
  expect(said).toContain('"loud"');
});

test("the log names its components, and is set aside when it is large", async () => {
  await using space = await workspace();
  const config = await space.file(
    "c.yaml",
    "logging: { max_size_mb: 0.1, keep: 2 }\nhealth: { minimum_events: 1 }\n",
  );
  for (let i = 0; i < 3; i += 1) await space.file(`in/${i}.txt`, "text");
  const log = `${space.home}/logs/knowledge_system.log`;
  const run = () =>
    kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--config", config]);
  await run();
  const text = await readFile(log, "utf8");
  for (const component of ["process_isolation", "analytics", "health"])
    expect(text).toContain(`"component":"${component}"`);

  await writeFile(log, `${text}${"x".repeat(120_000)}\n`);
  await run();
  expect((await readFile(log, "utf8")).length).toBeLessThan(100_000);
  expect((await readFile(`${log}.1`, "utf8")).length).toBeGreaterThan(100_000);
});

async function livez(home: string): Promise<number> {
  return fetch("http://kc/livez", { unix: `${home}/server.sock` }).then(
    ({ status }) => status,
    () => 0,
  );
}
