import { expect, test } from "bun:test";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { ended, fixture, kc, startKc, type Summary } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

interface Served extends AsyncDisposable {
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  readonly unix: string;
}

/** A real `kc serve`, ended by the test. */
async function serve(space: Workspace): Promise<Served> {
  const child = startKc(space, ["serve", "--workers", "2"]);
  const result = ended(child);
  const unix = space.at("home", "server.sock");
  await until("the socket answers", async () => {
    if (!existsSync(unix)) return false;
    return fetch("http://kc/livez", { unix }).then(
      (answer) => answer.ok,
      () => false,
    );
  });
  return {
    unix,
    async call(method, path, body) {
      const response = await fetch(`http://kc${path}`, {
        unix,
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await result;
    },
  };
}

test("a server takes jobs from the command line, and is stopped by it", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await using server = await serve(space);
  expect(statSync(server.unix).mode & 0o777).toBe(0o600);
  const result = await kc(space, [
    "run",
    "in",
    "--out",
    "out",
    "--pipeline",
    fixture("copy"),
    "--json",
  ]);
  expect(result.code).toBe(0);
  expect(result.json<Summary>()).toMatchObject({ state: "completed" });
  const second = await kc(space, ["serve"]);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain("holds the home");
  expect((await kc(space, ["stop"])).stdout).toContain("Stopped");
  expect(existsSync(server.unix)).toBe(false);
}, 60_000);

test("bad requests get a problem document that names what is wrong, and disturb nothing", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await using server = await serve(space);
  const bad = await server.call("POST", "/api/v1/jobs", { paths: [], pipelin: ["copy"] });
  expect(bad.status).toBe(422);
  expect(String(bad.body["detail"])).toContain("pipelin");
  const unknown = await server.call("POST", "/api/v1/jobs", {
    paths: [space.at("in")],
    pipeline: ["nope"],
  });
  expect(unknown).toMatchObject({ status: 422, body: { code: "unknown_processor" } });
  expect(await server.call("POST", "/api/v1/jobs/zzzzzzzz/pause")).toMatchObject({
    status: 404,
    body: { code: "job_not_found" },
  });
  expect(await server.call("GET", "/api/v1/nothing")).toMatchObject({ status: 404 });
  expect((await server.call("GET", "/readyz")).status).toBe(200);
}, 60_000);

test("the same id submitted twice is one job, and a reader of events that comes back misses none", async () => {
  await using space = await workspace();
  for (let n = 0; n < 5; n += 1) await space.file(`in/${n}.txt`, "x");
  await using server = await serve(space);
  const spec = {
    id: "abcdefgh",
    paths: [space.at("in")],
    pipeline: [fixture("copy")],
    outDir: space.out,
  };
  const jobs = await Promise.all([
    server.call("POST", "/api/v1/jobs", spec),
    server.call("POST", "/api/v1/jobs", spec),
  ]);
  expect(jobs.map(({ status }) => status)).toEqual([201, 201]);
  await until("the job is over", async () => {
    const [job] = (await kc(space, ["jobs", "--json"])).json<{ state: string }[]>();
    return job?.state === "completed";
  });
  expect((await kc(space, ["jobs", "--json"])).json<unknown[]>()).toHaveLength(1);
  const all = await eventsAfter(server, 0);
  const last = all.at(-1) ?? 0;
  expect(all).toEqual(Array.from({ length: last }, (_, n) => n + 1));
  const half = Math.floor(last / 2);
  expect(await eventsAfter(server, half)).toEqual(all.filter((seq) => seq > half));
}, 60_000);

test("an idempotency key is one job; with another job it is refused", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "x");
  await using server = await serve(space);
  const spec = { paths: [space.at("in")], pipeline: [fixture("copy")], outDir: space.out };
  const send = async (body: object) => {
    const response = await fetch("http://kc/api/v1/jobs", {
      unix: server.unix,
      method: "POST",
      headers: { "idempotency-key": "monday" },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as object) };
  };
  const [first, twin] = await Promise.all([send(spec), send(spec)]);
  const { jobId } = first as unknown as { jobId: string };
  expect([first, twin]).toMatchObject([
    { status: 201, jobId },
    { status: 201, jobId },
  ]);
  const other = await send({ ...spec, name: "tuesday's" });
  expect(other).toMatchObject({ status: 422, code: "idempotency_key_reused" });
  expect(await send(spec)).toMatchObject({ status: 201, jobId });
}, 60_000);

test("more streams than a server can keep are refused, and those that are open go on", async () => {
  await using space = await workspace();
  await using server = await serve(space);
  const sockets: Socket[] = [];
  const open = async (): Promise<string> => {
    const socket = connect(server.unix);
    sockets.push(socket);
    socket.on("error", () => {});
    socket.write("GET /api/v1/events HTTP/1.1\r\nHost: kc\r\n\r\n");
    const [data] = (await once(socket, "data")) as [Buffer];
    return data.toString().split("\r\n", 1)[0] ?? "";
  };
  try {
    const codes = await Promise.all(Array.from({ length: 500 }, open));
    expect(new Set(codes)).toEqual(new Set(["HTTP/1.1 200 OK"]));
    expect(await open()).toContain("429");
    expect((await server.call("GET", "/api/v1/jobs")).status).toBe(200);
    sockets[0]?.destroy();
    await until("there is room again", async () => (await open()).includes("200"));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}, 60_000);

test("a past of more than 4 MiB is told to its end to a reader that takes its time; one that leaves as much of the present unread is cut off", async () => {
  await using space = await workspace();
  await using server = await serve(space);
  const stalled = connect(server.unix);
  stalled.on("error", () => {});
  stalled.write("GET /api/v1/events HTTP/1.1\r\nHost: kc\r\n\r\n");
  await once(stalled, "data");
  stalled.pause();
  const name = `${"long-name-".repeat(18)}`;
  for (let n = 0; n < 4_000; n += 1) await space.file(`in/${name}-${n}.txt`, "x");
  const spec = {
    id: "abcdefgj",
    paths: [space.at("in")],
    pipeline: [fixture("noop")],
    outDir: space.out,
  };
  expect((await server.call("POST", "/api/v1/jobs", spec)).status).toBe(201);
  await until(
    "the job is over",
    async () => {
      const [job] = (await kc(space, ["jobs", "--json"])).json<{ state: string }[]>();
      return job?.state === "completed";
    },
    60_000,
  );
  const { seq } = (await server.call("GET", "/api/v1/events/last")).body as { seq: number };
  const response = await fetch("http://kc/api/v1/events?after=0", { unix: server.unix });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let last = 0;
  // The first page lies there unread for a while: nobody may be cut off for that.
  await Bun.sleep(500);
  for (let rest = ""; reader !== undefined && last < seq;) {
    const { value, done } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    rest += decoder.decode(value, { stream: true });
    const ids = [...rest.matchAll(/^id: (\d+)$/gm)];
    last = Number(ids.at(-1)?.[1] ?? last);
    rest = rest.slice(rest.lastIndexOf("\n\n"));
  }
  await reader?.cancel();
  expect(last).toBe(seq);
  expect(bytes).toBeGreaterThan(4 * 1024 * 1024);

  let told = "";
  stalled.on("data", (chunk: Buffer) => (told += chunk.toString()));
  stalled.resume();
  await once(stalled, "close");
  const seen = Number([...told.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1]);
  expect(seen).toBeLessThan(seq);
  const rest = await eventsAfter(server, seen);
  expect([rest[0], rest.at(-1), rest.length]).toEqual([seen + 1, seq, seq - seen]);
}, 90_000);

/** Sequence numbers of what the stream tells after `seq`, until it has told the newest. */
async function eventsAfter(server: Served, seq: number): Promise<number[]> {
  const { seq: last } = (await server.call("GET", "/api/v1/events/last")).body as { seq: number };
  const stop = new AbortController();
  const response = await fetch("http://kc/api/v1/events", {
    unix: server.unix,
    headers: { "last-event-id": String(seq) },
    signal: stop.signal,
  });
  const told: number[] = [];
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; reader !== undefined && told.at(-1) !== last;) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const id = /^id: (\d+)$/m.exec(block)?.[1];
      if (id !== undefined) told.push(Number(id));
    }
  }
  stop.abort();
  return told;
}
