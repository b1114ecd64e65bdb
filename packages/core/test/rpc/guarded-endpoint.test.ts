/** The channel between host and worker lets pass what the contract names, and nothing else. */
import { describe, expect, test } from "bun:test";
import { z } from "zod";
import type { ProtocolError } from "../../src/rpc/errors.ts";
import { WorkerGoneError } from "../../src/rpc/errors.ts";
import { guardedEndpoint } from "../../src/rpc/guarded-endpoint.ts";
import { remote, serve } from "../../src/rpc/remote.ts";
import { joinedTransports } from "./channel.ts";

const hostTable = {
  add: { args: z.tuple([z.number(), z.number()]), result: z.number() },
  later: { args: z.tuple([]), result: z.null() },
  keep: { args: z.tuple([z.object({ a: z.number() })]), result: z.unknown() },
} as const;
const workerTable = {
  echo: { args: z.tuple([z.string()]), result: z.string() },
  fail: { args: z.tuple([]), result: z.null() },
  never: { args: z.tuple([]), result: z.null() },
} as const;

function pair(maxBytes?: number) {
  const { host, worker } = joinedTransports();
  const refused: ProtocolError[] = [];
  const kept: unknown[] = [];
  const later = Promise.withResolvers<void>();
  const hostEnd = guardedEndpoint({
    transport: host,
    side: "host",
    peer: "worker 1",
    onProtocolError: (error) => refused.push(error),
  });
  const workerEnd = guardedEndpoint({
    transport: worker,
    side: "worker",
    peer: "the host",
    ...(maxBytes === undefined ? {} : { maxBytes }),
    onProtocolError: (error) => refused.push(error),
  });
  serve(hostEnd, hostTable, {
    add: (a, b) => a + b,
    later: async () => {
      await later.promise;
      return null;
    },
    keep: (value) => {
      kept.push(value);
      return value;
    },
  });
  serve(workerEnd, workerTable, {
    echo: (text) => text,
    fail: () => {
      throw Object.assign(new RangeError("too far", { cause: new Error("the reason") }), {
        code: "out_of_range",
      });
    },
    never: () => new Promise<null>(() => {}),
  });
  return {
    host,
    worker,
    hostEnd,
    refused,
    kept,
    answerLater: later.resolve,
    toWorker: remote(hostEnd, workerTable),
    toHost: remote(workerEnd, hostTable),
  };
}

const raw = (value: unknown) => ({ type: "RAW", value });
const call = (fields: object) =>
  JSON.stringify({ serves: "host", id: "x1", type: "APPLY", ...fields });

test("calls go both ways over one channel", async () => {
  const { toWorker, toHost } = pair();
  expect(await Promise.all([toWorker.echo("hi"), toHost.add(2, 3), toHost.add(4, 5)])).toEqual([
    "hi",
    5,
    9,
  ]);
});

test("an error arrives with its name, code, message, cause and stack", async () => {
  const { toWorker } = pair();
  const error = await toWorker.fail().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "RangeError",
    code: "out_of_range",
    message: "too far",
    cause: { message: "the reason" },
  });
  expect((error as Error).stack).toContain("guarded-endpoint.test");
});

test("a call that is outstanding when the channel closes rejects with WorkerGoneError, and later ones do at once", async () => {
  const { toWorker, host, hostEnd } = pair();
  const pending = [toWorker.never(), toWorker.never()].map((each) => each.catch((e: unknown) => e));
  host.close();
  for (const error of await Promise.all(pending)) expect(error).toBeInstanceOf(WorkerGoneError);
  expect(await toWorker.echo("late").catch((e: unknown) => e)).toBeInstanceOf(WorkerGoneError);
  hostEnd.close("is gone");
  expect(host.sent.length).toBe(2);
});

test("an answer to a side that is gone is dropped, and ends nobody", async () => {
  const { host, toHost, answerLater } = pair();
  void toHost.later();
  await new Promise((go) => setImmediate(go));
  host.close();
  answerLater();
  // An unhandled rejection would fail this test before its end.
  for (let turn = 0; turn < 5; turn += 1) await new Promise((go) => setImmediate(go));
  expect(host.sent).toEqual([]);
});

test("a call whose message cannot be sent rejects with the reason", async () => {
  const { toHost } = pair(2_000);
  const error = await toHost
    .keep({ a: 1, long: "x".repeat(3_000) } as { a: number })
    .catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "message_too_large" });
});

test("an answer that is too large becomes an error, and the channel lives on", async () => {
  const { toWorker } = pair(2_000);
  const error = await toWorker.echo("x".repeat(3_000)).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "message_too_large" });
  expect(await toWorker.echo("short")).toBe("short");
});

test("arguments reach the method as the schema left them", async () => {
  const { host, kept } = pair();
  host.inject(call({ path: ["keep"], argumentList: [raw({ a: 1, more: true })] }));
  expect(kept).toEqual([{ a: 1 }]);
});

describe("a message outside the contract is refused, once, and nothing is heard after it", () => {
  const hostile: [string, string][] = [
    ["garbage", JSON.stringify({ what: "nobody asked for" })],
    ["text", JSON.stringify("hello")],
    ["nothing", "null"],
    ["a list", "[1,2]"],
    ["an unknown tag", JSON.stringify({ serves: "constructor", id: "1", type: "APPLY" })],
    ["SET", call({ type: "SET", path: ["add"], value: raw("replaced") })],
    ["GET", call({ type: "GET", path: ["add"] })],
    ["RELEASE", call({ type: "RELEASE", path: [] })],
    ["ENDPOINT", call({ type: "ENDPOINT", path: [] })],
    ["CONSTRUCT", call({ type: "CONSTRUCT", path: ["add"], argumentList: [] })],
    ["a deep path", call({ path: ["add", "constructor"], argumentList: [raw("return 1")] })],
    ["an inherited method", call({ path: ["hasOwnProperty"], argumentList: [raw("a")] })],
    ["a path that is text", call({ path: "add", argumentList: [raw(1), raw(2)] })],
    ["a prototype", call({ path: ["__proto__"], argumentList: [] })],
    ["no id", call({ id: undefined, path: ["add"], argumentList: [raw(1), raw(2)] })],
    ["wrong arguments", call({ path: ["add"], argumentList: [raw("1"), raw(2)] })],
    ["too few arguments", call({ path: ["add"], argumentList: [raw(1)] })],
    [
      "a proxy argument",
      call({ path: ["add"], argumentList: [{ type: "HANDLER", name: "proxy", value: 1 }, raw(1)] }),
    ],
    [
      "a thrown argument",
      call({
        path: ["add"],
        argumentList: [{ type: "HANDLER", name: "throw", value: {} }, raw(1)],
      }),
    ],
    ["an answer nobody waits for", JSON.stringify({ serves: "worker", id: "1", ...raw(1) })],
    [
      "__proto__ in an argument",
      `{"serves":"host","id":"1","type":"APPLY","path":["keep"],"argumentList":[{"type":"RAW","value":{"a":1,"__proto__":{"polluted":true}}}]}`,
    ],
    [
      "constructor.prototype in an argument",
      call({
        path: ["keep"],
        argumentList: [raw({ a: 1, constructor: { prototype: { polluted: true } } })],
      }),
    ],
    ["endless nesting", call({ path: ["keep"], argumentList: [raw(nested(5_000))] })],
  ];

  test.each(hostile)("%s", async (_name, text) => {
    const { host, refused, kept, toWorker } = pair();
    const pending = toWorker.never().catch((e: unknown) => e);
    host.inject(text);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.message).toStartWith("worker 1 sent ");
    expect(await pending).toBeInstanceOf(WorkerGoneError);
    host.inject(call({ path: ["keep"], argumentList: [raw({ a: 1 })] }));
    host.inject("null");
    expect(kept).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("a wrong answer to a real call", async () => {
    const { host, refused, toWorker } = pair();
    const pending = toWorker.never().catch((e: unknown) => e);
    const { id } = host.sent[0] as { id: string };
    host.inject(JSON.stringify({ serves: "worker", id, ...raw({ ok: true }) }));
    expect(refused).toHaveLength(1);
    expect(await pending).toBeInstanceOf(WorkerGoneError);
  });

  test("an error that is none", async () => {
    const { host, refused, toWorker } = pair();
    const pending = toWorker.never().catch((e: unknown) => e);
    const { id } = host.sent[0] as { id: string };
    host.inject(JSON.stringify({ serves: "worker", id, type: "HANDLER", name: "throw", value: 7 }));
    expect(refused).toHaveLength(1);
    expect(await pending).toBeInstanceOf(WorkerGoneError);
  });
});

test("a word count of the word constructor is plain data", async () => {
  const { host, kept, refused } = pair();
  host.inject(call({ path: ["keep"], argumentList: [raw({ a: 1, constructor: 3 })] }));
  expect(refused).toEqual([]);
  expect(kept).toHaveLength(1);
});

test("dropped callers release nothing", async () => {
  const { toHost, worker } = pair();
  await Promise.all(Array.from({ length: 200 }, (_, i) => toHost.add(i, 1)));
  Bun.gc(true);
  await toHost.add(1, 1);
  const types = worker.sent.map((message) => (message as { type: string }).type);
  expect(types).not.toContain("RELEASE");
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}
