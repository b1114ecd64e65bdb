/** Whatever is done in whatever order, the ledger's own accounts agree, and no finished step runs again by itself. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { STATE } from "../../src/ledger/codes.ts";
import type { Claim, Ledger } from "../../src/ledger/port.ts";
import { itemStates } from "../../src/model/item.ts";
import {
  admitAll,
  broken,
  claimStage,
  completion,
  crash,
  output,
  planJob,
  withLedger,
} from "./fixtures.ts";

const ITEMS = 4;
const STAGES = ["audio", "summarize", "moc"];

type Command =
  | {
      readonly do: "claim";
      readonly stages: readonly number[];
      readonly limit: number;
      readonly alone: boolean;
    }
  | {
      readonly do: "intend" | "complete" | "skip" | "release" | "checkpoint";
      readonly token: number;
    }
  | {
      readonly do: "fail";
      readonly token: number;
      readonly then: "retry" | "fail" | "quarantine";
      readonly crashed: boolean;
    }
  | { readonly do: "retry"; readonly items: readonly number[] | null }
  | { readonly do: "admit" | "cancel" | "restart" | "rescue" | "gather" };

const token = fc.nat(30);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      stages: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
      limit: fc.integer({ min: 1, max: 5 }),
      alone: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "intend" as const,
        "complete" as const,
        "complete" as const,
        "skip" as const,
        "release" as const,
        "checkpoint" as const,
      ),
      token,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      token,
      then: fc.constantFrom("retry" as const, "fail" as const, "quarantine" as const),
      crashed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("retry" as const),
      items: fc.option(fc.subarray([0, 1, 2, 3]), { nil: null }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "admit" as const,
        "admit" as const,
        "cancel" as const,
        "restart" as const,
        "rescue" as const,
        "gather" as const,
      ),
    }),
  },
);

test("any sequence of calls keeps the invariants", async () => {
  await withLedger(async (ledger, home) => {
    const db = new Database(join(home, "ledger.db"), { readonly: true });
    let runs = 0;
    const property = fc.asyncProperty(
      fc.array(command, { minLength: 5, maxLength: 40 }),
      async (commands) => {
        const id = `job-${(runs += 1)}`;
        await planJob(ledger, ITEMS, { id, stages: STAGES });
        await ledger.setJobState(id, "running");
        if (runs % 4 !== 0) await admitAll(ledger, id);
        const world = new World(ledger, id);
        for (const one of commands) {
          await world.run(one);
          expectSound(db, ledger, id, world);
        }
        await world.settle();
        await ledger.deleteJob(id);
        expect(db.query("SELECT count(*) AS n FROM steps").get()).toEqual({ n: 0 });
      },
    );
    await fc.assert(property, { numRuns: 200 });
    db.close();
  });
}, 60_000);

/** Plays the commands, and remembers what a supervisor would know. */
class World {
  readonly ledger: Ledger;
  readonly id: string;
  readonly claims: Claim[] = [];
  /** Steps that ended with a result and were not asked for again. */
  completed = new Set<string>();
  attempts = 0;
  crashes = 0;

  constructor(ledger: Ledger, id: string) {
    this.ledger = ledger;
    this.id = id;
  }

  async run(command: Command): Promise<void> {
    const { ledger, id } = this;
    switch (command.do) {
      case "claim":
        return this.claim(command.stages, command.limit, command.alone);
      case "admit":
        return admitAll(ledger, id);
      case "cancel":
        return ledger.cancel(id);
      case "gather":
        return ledger.queueGather(id, 2).then(() => {}, expectCode("items_open"));
      case "restart":
        return ledger.restart(id).then(() => this.completed.clear(), expectCode("job_publishing"));
      case "retry":
        return this.retry(command.items);
      case "rescue":
        return this.rescue();
      default: {
        const claim = this.claims.at(command.token % Math.max(1, this.claims.length));
        if (claim !== undefined) await this.settleOne(claim, command);
      }
    }
  }

  async claim(stages: readonly number[], limit: number, alone: boolean): Promise<void> {
    const before = this.runningTokens();
    const claims = await claimStage(this.ledger, limit, { id: this.id, stages, alone });
    expect(new Set(claims.map(({ stage }) => stage)).size).toBeLessThanOrEqual(1);
    if (claims.some((claim) => claim.alone)) expect(claims).toHaveLength(1);
    for (const claim of claims) {
      expect(this.completed.has(keyOf(claim))).toBe(false);
      expect(before.has(claim.attemptId)).toBe(false);
      expect(this.claims.every(({ attemptId }) => attemptId < claim.attemptId)).toBe(true);
      this.claims.push(claim);
    }
    this.attempts += claims.length;
  }

  async settleOne(claim: Claim, command: Command): Promise<void> {
    const { attemptId } = claim;
    const valid = this.runningTokens().has(attemptId);
    const verdictOf = async (settling: Promise<readonly { ok: boolean }[]>) => {
      expect((await settling).map(({ ok }) => ok)).toEqual([valid]);
    };
    switch (command.do) {
      case "intend":
        return verdictOf(this.ledger.intend([this.intent(claim)]));
      case "complete":
        await verdictOf(this.ledger.complete([completion(claim, claim.stage === 0 ? 1 : null)]));
        if (valid) this.completed.add(keyOf(claim));
        return;
      case "skip":
        await verdictOf(this.ledger.complete([{ ...completion(claim), skipped: broken }]));
        if (valid) this.completed.add(keyOf(claim));
        return;
      case "release":
        await this.ledger.release([{ attemptId, why: "test", alone: attemptId % 2 === 0 }]);
        if (valid) this.attempts -= 1;
        return;
      case "checkpoint":
        return this.ledger
          .saveCheckpoint(`${this.id} ${keyOf(claim)}`, attemptId, { append: attemptId })
          .then(() => expect(valid).toBe(true), expectCode("stale_attempt"));
      case "fail": {
        const then =
          command.then === "retry"
            ? ({ do: "retry", atMs: 1, alone: attemptId % 3 === 0 } as const)
            : ({ do: command.then } as const);
        const crashed = command.crashed ? { crash: crash("memory") } : {};
        await verdictOf(
          this.ledger.fail([{ attemptId, error: broken, durationMs: 1, then, ...crashed }]),
        );
        if (valid && command.crashed) this.crashes += 1;
        return;
      }
      default:
        throw new Error(`no such command for a step: ${command.do}`);
    }
  }

  async retry(items: readonly number[] | null): Promise<void> {
    const retrying = this.ledger.retry(this.id, items === null ? {} : { items });
    const count = await retrying.catch((error: unknown) => {
      expectCode("job_publishing")(error);
      return 0;
    });
    if (count > 0) {
      this.completed = new Set([...this.completed].filter((key) => !key.startsWith("all")));
    }
  }

  async rescue(): Promise<void> {
    const running = this.runningTokens();
    const { requeued, intents } = await this.ledger.rescue();
    const found = [...requeued, ...intents].filter(({ jobId }) => jobId === this.id);
    expect(new Set(found.map(({ attemptId }) => attemptId))).toEqual(running);
    await this.ledger.setJobState(this.id, "running");
  }

  /** So that nothing is left to publish. */
  async settle(): Promise<void> {
    for (const claim of this.claims) {
      await this.ledger.release([{ attemptId: claim.attemptId, why: "the end" }]);
    }
  }

  runningTokens(): Set<number> {
    const rows = this.ledger.steps(this.id, { limit: 100, state: "running" }).rows;
    const running = new Set<number>();
    for (const row of rows) {
      const key = `${row.itemIndex ?? "all"}/${STAGES.indexOf(row.stage)}`;
      const last = this.claims.findLast((claim) => keyOf(claim) === key);
      if (last !== undefined) running.add(last.attemptId);
    }
    return running;
  }

  intent(claim: Claim) {
    const name = `${keyOf(claim)}.md`;
    const path = `/out/${this.id}/${name}`;
    const known = this.ledger.artifactAt(path)?.sha256 ?? null;
    return {
      attemptId: claim.attemptId,
      outputs: [output(claim, name, known)],
      meta: {},
      durationMs: 1,
    };
  }
}

function keyOf({ item, stage }: Claim): string {
  return `${item?.index ?? "all"}/${stage}`;
}

function expectCode(code: string): (error: unknown) => void {
  return (error) => expect(error).toMatchObject({ code });
}

/** The accounts that the ledger keeps, against a recount of everything. */
function expectSound(db: Database, ledger: Ledger, id: string, world: World): void {
  const number = (sql: string) => db.query<{ n: number }, [string]>(sql).get(id)?.n ?? 0;
  const JOB_ID = "(SELECT id FROM jobs WHERE ref = ?1)";
  const job = ledger.job(id);
  for (const state of itemStates) {
    const counted = number(
      `SELECT count(*) AS n FROM items WHERE job = ${JOB_ID} AND state = ${STATE[state]}`,
    );
    expect([state, job?.items[state]]).toEqual([state, counted]);
  }
  expect(job?.items.total).toBe(ITEMS);
  expect(job?.attempts).toBe(world.attempts);
  expect(job?.crashes).toBe(world.crashes);
  expect(job?.artifacts).toBe(number(`SELECT count(*) AS n FROM outputs WHERE job = ${JOB_ID}`));
  expect(ledger.outlook(id).unadmitted).toBe(
    number(`SELECT count(*) AS n FROM items WHERE job = ${JOB_ID} AND state = 0 AND admitted = 0`),
  );
  const none = {
    "an item is in another state than its last step": `
      SELECT count(*) AS n FROM items i JOIN steps s ON s.job = i.job AND s.item = i.idx
      WHERE i.job = ${JOB_ID} AND s.state <> i.state
        AND s.stage = (SELECT max(stage) FROM steps l WHERE l.job = i.job AND l.item = i.idx)`,
    "an item without steps is neither queued nor cancelled": `
      SELECT count(*) AS n FROM items i LEFT JOIN steps s ON s.job = i.job AND s.item = i.idx
      WHERE i.job = ${JOB_ID} AND s.job IS NULL AND i.state NOT IN (0, 7)`,
    "a step before the last one is not completed": `
      SELECT count(*) AS n FROM steps s JOIN steps l USING (job, item)
      WHERE s.job = ${JOB_ID} AND s.item < ${ITEMS} AND s.stage < l.stage AND s.state <> 3`,
    "a step runs without a token, or has one and does not run": `
      SELECT count(*) AS n FROM steps WHERE job = ${JOB_ID} AND (state = 1) <> (attempt IS NOT NULL)`,
    "a step can be claimed that is not queued, or cannot be though it is": `
      SELECT count(*) AS n FROM steps WHERE job = ${JOB_ID} AND (state IN (0, 2)) <> (ready_at IS NOT NULL)`,
    "an intent is of an attempt that does not run": `
      SELECT count(*) AS n FROM intents WHERE job = ${JOB_ID} AND attempt NOT IN
        (SELECT attempt FROM steps WHERE attempt IS NOT NULL)`,
    "a target is kept for no intent": `
      SELECT count(*) AS n FROM intent_targets WHERE ?1 <> '' AND attempt NOT IN (SELECT attempt FROM intents)`,
    "a path has two owners": `
      SELECT count(*) AS n FROM (SELECT 1 FROM outputs WHERE ?1 <> '' GROUP BY path HAVING count(*) > 1)`,
    "a completed step has a checkpoint": `
      SELECT count(*) AS n FROM checkpoints JOIN steps USING (job, item, stage) WHERE job = ${JOB_ID} AND state = 3`,
  };
  for (const [fault, sql] of Object.entries(none)) expect([fault, number(sql)]).toEqual([fault, 0]);
  expect(foldOfEvents(ledger, id)).toEqual({ ...job?.items, total: ITEMS });
}

/** The same counts from the events alone: they are the truth of every number on a screen. */
function foldOfEvents(ledger: Ledger, id: string): Record<string, number> {
  const states = new Map<string, string>();
  for (let index = 0; index < ITEMS; index += 1) states.set(`${index}.wav`, "queued");
  for (const event of ledger.events(0, 10_000, id)) {
    if (event.type === "item:state" && event.item !== undefined)
      states.set(event.item, event.state);
  }
  const counts: Record<string, number> = { total: ITEMS };
  for (const state of itemStates) counts[state] = 0;
  for (const state of states.values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
