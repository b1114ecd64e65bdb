/** A job goes on, or stops and gives everything back, whatever its claims and waits come to. */
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClaimRequest, Ledger } from "../../src/ledger/port.ts";
import { openControl, type OpenControl } from "../open-control.ts";
import { until } from "../supervisor/start-worker.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("run-job");

function filesIn(root: string, names: readonly string[]): string {
  mkdirSync(join(root, "in"));
  for (const name of names) writeFileSync(join(root, "in", `${name}.txt`), name);
  return join(root, "in");
}

async function submit(
  { control }: OpenControl,
  root: string,
  stage: string,
  names: readonly string[],
  options: Record<string, unknown> = {},
) {
  const { job } = await control.submit({
    paths: [filesIn(root, names)],
    pipeline: [stage],
    outDir: join(root, "out"),
    options: { [stage]: options },
  });
  return job.id;
}

const jobOf = ({ control }: OpenControl, id: string) => control.findJobs(id).then(([job]) => job);
const isIn = (open: OpenControl, id: string, ...states: string[]) =>
  until(`the job is ${states.join(" or ")}`, async () => {
    const job = await jobOf(open, id);
    return job !== undefined && states.includes(job.state) ? job : null;
  });

/** The ledger with claims that go through `claim`. */
function claimingBy(
  ledger: Ledger,
  claim: (request: ClaimRequest) => ReturnType<Ledger["claim"]>,
): Ledger {
  return new Proxy(ledger, {
    get: (real, name) => (name === "claim" ? claim : Reflect.get(real, name)),
  });
}

test("a retry that falls due while a claim that missed it is under way is run", async () => {
  const root = fresh();
  let missed = 0;
  await using open = await openControl(root, {}, 1, ({ ledger }) => ({
    // A tenth of a second until the retry.
    random: () => 0.05,
    ledger: claimingBy(ledger, async (request) => {
      const claims = await ledger.claim(request);
      const waits = () => ledger.outlook(request.jobId).nextReadyAt !== null;
      if (claims.length === 0 && waits()) {
        missed += 1;
        await until("the retry is due", () => !waits());
      }
      return claims;
    }),
  }));
  const id = await submit(open, root, "throws", ["bad"], { times: 1, delayMs: 50 });
  await isIn(open, id, "completed");
  expect(missed).toBeGreaterThan(0);
});

test.each(["claim", "loadCheckpoint"] as const)(
  "a top-up whose %s fails pauses the job, gives back what was claimed, and resume goes on",
  async (call) => {
    const root = fresh();
    let inTopUp = false;
    let failures = 1;
    await using open = await openControl(root, {}, 1, ({ ledger }) => ({
      ledger: new Proxy(ledger, {
        get(real, name) {
          const method = Reflect.get(real, name) as unknown;
          if (typeof method !== "function" || (name !== "claim" && name !== "loadCheckpoint")) {
            return method;
          }
          return (request: ClaimRequest) => {
            if (name === "claim") inTopUp = request.alone === false;
            if (name !== call || !inTopUp || failures === 0)
              return Reflect.apply(method, real, [request]) as unknown;
            failures -= 1;
            throw new Error("the ledger refused");
          };
        },
      }),
    }));
    // So many that some shift tops up, however slow the machine is.
    const names = Array.from({ length: 2_000 }, (_, n) => `file-${n}`);
    const id = await submit(open, root, "noop", names);
    const paused = await isIn(open, id, "paused", "completed");
    expect(paused).toMatchObject({ state: "paused", reasonCode: "supervisor_error" });
    expect(paused.reason).toContain("the ledger refused");
    expect(open.home.engine.ledger.outlook(id).running).toBe(0);
    await open.control.resume(id);
    const { items } = await isIn(open, id, "completed");
    expect(items.completed).toBe(2_000);
  },
);

test("a pause does not wait for the restart delay of a worker that keeps dying", async () => {
  const root = fresh();
  const config = { process_isolation: { restart_backoff_seconds: [3_600] } };
  await using open = await openControl(root, config);
  const names = Array.from({ length: 8 }, (_, n) => `bad-${n}`);
  const id = await submit(open, root, "exit-seven", names);
  await until("two have died", () => deaths(open, id) >= 2);
  await open.control.pause(id);
  expect(await jobOf(open, id)).toMatchObject({ state: "paused", reasonCode: "user" });
  expect(open.home.engine.ledger.outlook(id).running).toBe(0);
});

test.each([
  [{ adaptive_batch_sizing: false }, 1],
  [{ adaptive_batch_sizing: false, batch_size: 7 }, 7],
  [{ batch_size: 5 }, 5],
])("with %j at most %d steps are handed to a worker at once", async (memory, most) => {
  const root = fresh();
  let highest = 0;
  await using open = await openControl(root, { memory_management: memory }, 1, ({ ledger }) => ({
    ledger: claimingBy(ledger, (request) => {
      highest = Math.max(highest, request.limit);
      return ledger.claim(request);
    }),
  }));
  const names = Array.from({ length: 100 }, (_, n) => `file-${n}`);
  await isIn(open, await submit(open, root, "noop", names), "completed");
  expect(highest).toBe(most);
});

function deaths({ home }: OpenControl, id: string): number {
  return home.engine.ledger.events(0, 1_000, id).filter(({ type }) => type === "step:crashed")
    .length;
}
