/** The keys of `checkpoint_system` with the real program: where the ledger lies, what is kept inside steps, how often and how long. */
import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { ended, fixture, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

async function settings(space: Workspace, text: string): Promise<string[]> {
  const name = `config-${Bun.hash(text)}.yaml`;
  return ["--config", await space.file(name, text)];
}

describe("checkpoint_directory", () => {
  test("ledger, large checkpoints and backups lie there; who only reads finds them", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "words");
    const there = await settings(space, "checkpoint_system: { checkpoint_directory: kept/here }\n");
    const folder = join(space.home, "kept", "here");
    const args = ["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--json"];
    const run = await kc(space, [...args, ...there]);
    expect(run.code).toBe(0);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["backups", "ledger.db"]));
    expect(existsSync(join(space.home, "ledger.db"))).toBe(false);
    expect(statSync(join(folder, "ledger.db")).mode & 0o777).toBe(0o600);
    const { jobId } = run.json<Summary>();
    expect((await kc(space, ["show", "last", "--json"])).json<Shown>()).toMatchObject({
      jobId,
      state: "completed",
    });
  }, 60_000);

  test("a ledger that was not moved is asked for, not left behind", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "words");
    const args = ["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--json"];
    expect((await kc(space, args)).code).toBe(0);
    const folder = space.at("elsewhere");
    const there = await settings(space, `checkpoint_system: { checkpoint_directory: ${folder} }\n`);
    const refused = await kc(space, [...args, ...there]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`mv '${space.home}'/ledger.db* '${folder}'/`);
    expect(existsSync(join(folder, "ledger.db"))).toBe(false);

    mkdirSync(folder, { recursive: true });
    const open = statSync(folder).mode;
    for (const name of readdirSync(space.home)) {
      if (/^(ledger\.db|backups|checkpoints)/.test(name)) {
        renameSync(join(space.home, name), join(folder, name));
      }
    }
    expect((await kc(space, [...args, ...there])).code).toBe(0);
    expect((await kc(space, ["jobs", "--json"])).json<unknown[]>()).toHaveLength(2);
    expect(statSync(folder).mode).toBe(open);
    // And back again.
    const back = await kc(space, args);
    expect(back.code).toBe(2);
    expect(back.stderr).toContain("checkpoint_directory says");
  }, 60_000);

  test("two homes cannot share one", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "words");
    const there = await settings(
      space,
      `checkpoint_system: { checkpoint_directory: ${space.at("shared")} }\n`,
    );
    const server = startKc(space, ["serve", ...there]);
    try {
      await until("it listens", () => existsSync(join(space.home, "server.sock")));
      const args = ["run", "in", "--out", "out", "--pipeline", fixture("copy"), ...there];
      const other = await kc(space, args, { env: { KC_HOME: space.at("other") } });
      expect(other.code).toBe(2);
      expect(other.stderr).toContain("is in use by another home");
      expect((await kc(space, args)).code).toBe(0);
    } finally {
      server.kill("SIGTERM");
      await ended(server);
    }
  }, 60_000);
});

/** A file of five segments whose worker dies once, after the third was appended. */
async function runSegments(space: Workspace, text: string): Promise<Record<string, number>> {
  await space.file("in/a.txt", "0123456789");
  const run = await kc(space, [
    ...["run", "in", "--out", "out", "--pipeline", fixture("segments"), "--json"],
    ...["--set", "segments.count=5", "--set", "segments.crashAt=3"],
    ...(await settings(space, text)),
  ]);
  return run.json<Summary>().items;
}

describe("inside steps", () => {
  test.each(["per_file", "time_based", "adaptive"])(
    "%s: a step that was cut off goes on with every part it had appended",
    async (frequency) => {
      await using space = await workspace();
      const text = `checkpoint_system: { frequency: ${frequency}, interval_seconds: 3600 }\n`;
      expect(await runSegments(space, text)).toMatchObject({ completed: 1 });
      expect(await Bun.file(space.at("out", "a_segments.txt")).text()).toBe("0123456789");
    },
    60_000,
  );

  test("enabled: false: it starts over, and dies again", async () => {
    await using space = await workspace();
    const items = await runSegments(
      space,
      "checkpoint_system: { enabled: false }\nprocess_isolation: { max_attempts: 2 }\n",
    );
    expect(items).toMatchObject({ quarantined: 1 });
  }, 60_000);

  test("what is older than max_checkpoint_age_days is removed, unless auto_cleanup_enabled is off", async () => {
    await using space = await workspace();
    const once = "process_isolation: { max_attempts: 1 }\n";
    expect(await runSegments(space, once)).toMatchObject({ quarantined: 1 });
    const retry = async (text: string) =>
      (
        await kc(space, ["retry", "last", "--json", ...(await settings(space, once + text))])
      ).json<Summary>().items;
    // Too old: gone, so it starts over and dies again, leaving a new one.
    expect(await retry("checkpoint_system: { max_checkpoint_age_days: 0 }\n")).toMatchObject({
      quarantined: 1,
    });
    const kept = "{ max_checkpoint_age_days: 0, auto_cleanup_enabled: false }";
    expect(await retry(`checkpoint_system: ${kept}\n`)).toMatchObject({ completed: 1 });
  }, 60_000);
});
