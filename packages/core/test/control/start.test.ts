/** What a person stopped does not come back: a start that still asks its questions is overtaken by a later word. */
import { expect, test } from "bun:test";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openControl, type OpenControl } from "../open-control.ts";
import { tempDirs } from "../temp-dir.ts";
import { until } from "../supervisor/start-worker.ts";

const fresh = tempDirs("start");

/** A paused job of two files whose inspector answers when the gate is opened. */
async function pausedJob(root: string, { control }: OpenControl) {
  await mkdir(join(root, "in"));
  for (const name of ["a", "b"]) writeFileSync(join(root, "in", `${name}.txt`), name);
  const gate = join(root, "gate");
  const asked = join(root, "asked");
  writeFileSync(gate, "");
  const { job } = await control.submit({
    paths: [join(root, "in")],
    pipeline: ["slow-requirements"],
    outDir: join(root, "out"),
    options: { "slow-requirements": { gate, asked } },
  });
  await control.pause(job.id);
  const state = () => control.findJobs(job.id).then(([found]) => found?.state);
  rmSync(gate);
  rmSync(asked);
  return {
    id: job.id,
    state,
    open: () => writeFileSync(gate, ""),
    wasAsked: () => until("the inspector was asked", () => existsSync(asked)),
  };
}

test.each(["pause", "cancel"] as const)(
  "a %s that comes while a resume asks what is missing is the last word",
  async (verb) => {
    const root = fresh();
    await using open = await openControl(root);
    const job = await pausedJob(root, open);
    const resumed = open.control.resume(job.id);
    await job.wasAsked();
    await open.control[verb](job.id);
    job.open();
    await resumed;
    expect(await job.state()).toBe(verb === "pause" ? "paused" : "cancelled");
    expect((await open.control.live(job.id))?.running).toEqual([]);
    expect(existsSync(join(root, "out", "a_copy.txt"))).toBe(false);
  },
);

test("a cancel that comes while a restart asks what is missing is the last word", async () => {
  const root = fresh();
  await using open = await openControl(root);
  const job = await pausedJob(root, open);
  const restarted = open.control.restart(job.id);
  await job.wasAsked();
  await open.control.cancel(job.id);
  job.open();
  await restarted;
  expect(await job.state()).toBe("cancelled");
});

test("a resume after the pause goes on, whatever an earlier one still asks", async () => {
  const root = fresh();
  await using open = await openControl(root);
  const job = await pausedJob(root, open);
  const first = open.control.resume(job.id);
  await job.wasAsked();
  await open.control.pause(job.id);
  const second = open.control.resume(job.id);
  job.open();
  await Promise.all([first, second]);
  await until("the job is over", async () => (await job.state()) === "completed");
});
