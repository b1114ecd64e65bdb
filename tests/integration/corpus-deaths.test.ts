/** The whole pipeline over the corpus, its supervisor killed at random ten times: it ends with the bytes of an undisturbed run. */
import { expect, test } from "bun:test";
import { seeded } from "../chaos/seeded.ts";
import { copyCorpus, SPEECH_ENGINE } from "../support/corpus.ts";
import { ended, kc, startKc } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const KILLS = 10;
/** Quick restarts and no circuit: here the killing is ours. */
const CONFIG = `process_isolation:
  restart_backoff_seconds: [0.02]
  circuit_items: 100000
  max_attempts: 50
`;

interface Job {
  readonly args: readonly string[];
  readonly parts: readonly string[];
}

const TEXTS: Job = {
  parts: ["vault", "documents"],
  args: ["--pipeline", "summarize,moc", "--set", "moc.vault=pages"],
};
const SPEECH: Job = {
  parts: ["recordings"],
  args: [
    "--pipeline",
    "audio,summarize,moc",
    "--set",
    "audio.engine=pocketsphinx",
    "--set",
    "moc.vault=pages",
  ],
};

test("notes and documents, killed ten times", () => survives(TEXTS, 11, 1_200), 240_000);

test.skipIf(SPEECH_ENGINE === null)(
  "a spoken recording, killed ten times (needs pocketsphinx)",
  () => survives(SPEECH, 12, 2_000),
  240_000,
);

async function survives(job: Job, seed: number, longestLifeMs: number): Promise<void> {
  await using calm = await workspace();
  const undisturbed = await kc(calm, await argsFor(calm, job));
  expect(undisturbed.stderr).toBe("");
  expect(undisturbed.code).toBe(0);
  const random = seeded(seed);
  // A job that is done before its ten deaths is followed by another one.
  for (let kills = 0; kills < KILLS;) {
    await using space = await workspace();
    const args = await argsFor(space, job);
    kills += await killAgainAndAgain(
      space,
      args,
      KILLS - kills,
      () => 150 + random() * longestLifeMs,
    );
    const last = await kc(space, (await isPlanned(space)) ? resumeArgs(space) : args);
    expect(last.code).toBe(0);
    expect(outputsOf(space.out)).toEqual(outputsOf(calm.out));
    expect(Object.keys(outputsOf(space.out))).toContain("moc/MOC.md");
    expect(strayFiles(space.out)).toEqual([]);
  }
}

/** Returns how often it killed the supervisor: fewer than `most` when the job was done before. */
async function killAgainAndAgain(
  space: Workspace,
  args: readonly string[],
  most: number,
  life: () => number,
): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    if (kills === most) return kills;
    const child = startKc(space, (await isPlanned(space)) ? resumeArgs(space) : args);
    await Promise.race([child.exited, Bun.sleep(life())]);
    const over = child.exitCode !== null;
    child.kill("SIGKILL");
    await ended(child);
    if (over) return kills;
  }
}

async function argsFor(space: Workspace, { args, parts }: Job): Promise<string[]> {
  copyCorpus(space, parts);
  const config = await space.file("config.yaml", CONFIG);
  return ["run", "in", "--out", "out", "--config", config, "--workers", "2", ...args];
}

function resumeArgs(space: Workspace): string[] {
  return ["resume", "last", "--config", space.at("config.yaml")];
}

/** A death during planning leaves no job: nothing was promised yet, so it is asked for again. */
async function isPlanned(space: Workspace): Promise<boolean> {
  return (await kc(space, ["jobs", "--json"])).json<unknown[]>().length > 0;
}
