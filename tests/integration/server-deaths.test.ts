/** A server that is killed under load and started again: nothing is lost, and readers of events go on where they were. */
import { expect, test } from "bun:test";
import { fixture, kc, startKc, type KcProcess } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const READERS = 5;
const ITEMS = 400;

test("readers of a server that is killed three times see every event once, in order", async () => {
  await using space = await workspace();
  for (let n = 0; n < ITEMS; n += 1) await space.file(`in/${n}.txt`, `text ${n}`);
  const unix = space.at("home", "server.sock");
  let server = await serve(space, unix);
  const over = new AbortController();
  const readers = Array.from({ length: READERS }, () => read(unix, over.signal));
  try {
    const spec = {
      id: "abcdefgh",
      paths: [space.at("in")],
      pipeline: [fixture("copy")],
      outDir: space.out,
    };
    await fetch("http://kc/api/v1/jobs", { unix, method: "POST", body: JSON.stringify(spec) });
    for (let deaths = 0; deaths < 3; deaths += 1) {
      const seen = readers[0]?.seen ?? [];
      const before = seen.length;
      await until("work goes on", () => seen.length > before + 100);
      server.kill("SIGKILL");
      await server.exited;
      server = await serve(space, unix);
      // Twice dead without a commit it would wait for a person; here each life commits.
    }
    await until("it is over", async () => (await state(unix)) === "completed", 40_000);
    const { seq } = (await (await fetch("http://kc/api/v1/events/last", { unix })).json()) as {
      seq: number;
    };
    for (const reader of readers) {
      await until("the reader has the last event", () => reader.seen.at(-1) === seq);
      expect(reader.seen).toEqual(Array.from({ length: seq }, (_, at) => at + 1));
      expect(reader.connections()).toBeGreaterThan(1);
    }
  } finally {
    over.abort();
    server.kill("SIGKILL");
    await server.exited;
  }
  const shown = (await kc(space, ["show", "abcdefgh", "--json"])).json<{
    items: { completed: number; total: number };
  }>();
  expect(shown.items).toMatchObject({ completed: ITEMS, total: ITEMS });
  for (let n = 0; n < ITEMS; n += 1)
    expect(await Bun.file(space.at(`out/${n}_copy.txt`)).text()).toBe(`TEXT ${n}`);
}, 120_000);

test("while it drains, new work gets 503 with Retry-After, and what is asked is answered", async () => {
  await using space = await workspace();
  const unix = space.at("home", "server.sock");
  await space.file("in/a.txt", "text");
  const server = await serve(space, unix);
  try {
    const spec = {
      paths: [space.at("in")],
      pipeline: [fixture("throws")],
      outDir: space.out,
      options: { throws: { trigger: "nothing", delayMs: 4_000 } },
    };
    const submit = () =>
      fetch("http://kc/api/v1/jobs", { unix, method: "POST", body: JSON.stringify(spec) });
    expect((await submit()).status).toBe(201);
    await until("it runs", async () => {
      const vitals = await (await fetch("http://kc/api/v1/vitals", { unix })).json();
      return (vitals as { workers: { state: string }[] }).workers.some(
        ({ state }) => state === "busy",
      );
    });
    server.kill("SIGTERM");
    const ready = await until("it drains", async () => {
      const response = await fetch("http://kc/readyz", { unix });
      return response.status === 503 && response;
    });
    expect(ready.headers.get("retry-after")).toBe("5");
    const refused = await submit();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect((await fetch("http://kc/api/v1/jobs", { unix })).status).toBe(200);
    expect(await server.exited).toBe(0);
  } finally {
    server.kill("SIGKILL");
    await server.exited;
  }
}, 60_000);

async function serve(space: Workspace, unix: string): Promise<KcProcess> {
  const child = startKc(space, ["serve", "--workers", "2"]);
  await until("it is ready", async () =>
    fetch("http://kc/readyz", { unix }).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return child;
}

async function state(unix: string): Promise<string> {
  const response = await fetch("http://kc/api/v1/jobs/abcdefgh", { unix });
  return ((await response.json()) as { state: string }).state;
}

/** A reader as a browser is one: comes back with the last id it has. */
function read(unix: string, signal: AbortSignal) {
  const seen: number[] = [];
  let connections = 0;
  const once = async () => {
    const headers = { "last-event-id": String(seen.at(-1) ?? 0) };
    const response = await fetch("http://kc/api/v1/events", { unix, headers, signal });
    connections += 1;
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        if (id !== undefined) seen.push(Number(id));
      }
    }
  };
  void (async () => {
    while (!signal.aborted) {
      await once().catch(() => {});
      await Bun.sleep(50);
    }
  })();
  return { seen, connections: () => connections };
}
