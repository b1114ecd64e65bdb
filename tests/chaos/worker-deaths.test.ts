import { expect, test } from "bun:test";
import type { Summary } from "../support/kc.ts";
import { expectNothingLost } from "./check.ts";
import { chaosJob } from "./jobs.ts";
import { killWorkers } from "./kill-workers.ts";
import { seeded } from "./seeded.ts";

test("200 random workers killed over a job of 300 items: every item completes, once, with the same bytes", async () => {
  const job = await chaosJob(300, 220);
  await using _space = job.space;
  const { result, killed } = await killWorkers(job, 200, seeded(1));
  expect(result.code).toBe(0);
  const summary = result.json<Summary>();
  expect(killed).toBe(200);
  expect(summary.items["completed"]).toBe(300);
  expect(summary.crashes).toBeGreaterThan(100);
  await expectNothingLost(job.space, job.undisturbed);
}, 240_000);

test("with the default budgets a few deaths cost nobody anything", async () => {
  const job = await chaosJob(40, 150);
  await using _space = job.space;
  await Bun.write(job.space.at("config.yaml"), "");
  const { result, killed } = await killWorkers(job, 5, seeded(2));
  expect(result.code).toBe(0);
  expect(killed).toBe(5);
  await expectNothingLost(job.space, job.undisturbed);
}, 120_000);
