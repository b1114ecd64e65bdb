/** What the engine relies on in a worker, asked of both kinds: processes and threads. What a kind cannot do is skipped by name. */
import { afterAll, describe } from "bun:test";
import { spawnWorker } from "../../src/supervisor/spawn-worker.ts";
import { threadWorker } from "../../src/supervisor/thread-worker.ts";
import { tempDirs } from "../temp-dir.ts";
import { bounds } from "./conformance/bounds.ts";
import { crashes } from "./conformance/crashes.ts";
import { orders } from "./conformance/orders.ts";
import { running } from "./conformance/running.ts";
import { starting } from "./conformance/starting.ts";
import { workerKind } from "./conformance/worker-kind.ts";

const fresh = tempDirs("worker-conformance");
process.env["KC_TEST_SECRET"] = "not for processors";
afterAll(() => {
  delete process.env["KC_TEST_SECRET"];
});

describe.each([
  { kind: "process", spawn: spawnWorker },
  { kind: "thread", spawn: threadWorker },
] as const)("a worker in a $kind", ({ kind, spawn }) => {
  const asked = workerKind(kind, spawn, fresh);
  running(asked);
  orders(asked);
  crashes(asked);
  starting(asked);
  bounds(asked);
});
