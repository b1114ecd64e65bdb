import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
// @boundaries-ignore the places at which a restore can be killed are named in the core only
import { restoreFaults } from "../../packages/core/src/model/fault-points.ts";
import { fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const copy = ["--pipeline", fixture("copy")];

async function run(space: Workspace, name: string): Promise<void> {
  await space.file(`${name}/${name}.txt`, name);
  const done = await kc(space, ["run", name, "--out", "out", ...copy, "--name", name]);
  expect(done.code).toBe(0);
}

async function jobNames(space: Workspace): Promise<string[]> {
  const listed = await kc(space, ["jobs", "--json"]);
  expect(listed.code).toBe(0);
  return listed
    .json<{ name: string }[]>()
    .map(({ name }) => name)
    .sort();
}

test("a backup is for its owner alone and is never replaced unasked", async () => {
  await using space = await workspace();
  await run(space, "one");
  const made = await kc(space, ["backup", "kept.kcb", "--json"]);
  expect(made.json<{ jobs: number }>().jobs).toBe(1);
  expect(statSync(space.at("kept.kcb")).mode & 0o777).toBe(0o600);
  const before = readFileSync(space.at("kept.kcb"));
  const refused = await kc(space, ["backup", "kept.kcb"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("--force");
  expect(readFileSync(space.at("kept.kcb")).equals(before)).toBe(true);
  expect((await kc(space, ["backup", "kept.kcb", "--force"])).code).toBe(0);
  expect(readdirSync(space.path).filter((name) => name.includes(".kcb"))).toEqual(["kept.kcb"]);
});

test("a restore keeps the present ledger aside, learns outputs again and says what it found", async () => {
  await using space = await workspace();
  await run(space, "one");
  await kc(space, ["backup", "kept.kcb"]);
  await run(space, "two");
  const restored = await kc(space, ["restore", "kept.kcb", "--json"]);
  expect(restored.stderr).toBe("");
  const found = restored.json<{
    jobs: object;
    outputsLearned: number;
    setAside: string;
    settingsFile: string;
  }>();
  expect(found.jobs).toEqual({ completed: 1 });
  // That of "two" is on disk, and ours, though no job on record made it.
  expect(found.outputsLearned).toBe(1);
  expect(readFileSync(found.settingsFile, "utf8")).toContain("process_isolation:");
  expect(await jobNames(space)).toEqual(["one"]);
  const aside = new Database(found.setAside, { readonly: true });
  expect(aside.query("SELECT count(*) AS n FROM jobs").get()).toEqual({ n: 2 });
  aside.close();
  const again = await kc(space, ["run", "two", "--out", "out", ...copy, "--name", "again"]);
  expect(again.code).toBe(0);
  expect((await kc(space, ["verify"])).code).toBe(0);
});

test("a backup is made beside a running supervisor; a restore is refused there by name", async () => {
  await using space = await workspace();
  await run(space, "one");
  const server = startKc(space, ["serve"]);
  try {
    await until("it listens", () => existsSync(space.at("home", "server.sock")));
    expect((await kc(space, ["backup", "kept.kcb"])).code).toBe(0);
    const refused = await kc(space, ["restore", "kept.kcb"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`process ${server.pid}`);
  } finally {
    server.kill("SIGTERM");
    await server.exited;
  }
  expect((await kc(space, ["restore", "kept.kcb"])).code).toBe(0);
  expect(await jobNames(space)).toEqual(["one"]);
});

test("a damaged, cut or newer backup is refused, and nothing changes", async () => {
  await using space = await workspace();
  await run(space, "one");
  await kc(space, ["backup", "kept.kcb"]);
  await run(space, "two");
  const good = readFileSync(space.at("kept.kcb"));
  const flipped = Buffer.from(good);
  flipped[flipped.length - 5_000]! ^= 1;
  writeFileSync(space.at("flipped.kcb"), flipped);
  for (const [name, lost] of [
    ["cut", 10],
    ["endless", 76],
    ["half", good.length >> 1],
  ] as const)
    writeFileSync(space.at(`${name}.kcb`), good.subarray(0, good.length - lost));
  writeFileSync(space.at("text.kcb"), "not a backup at all\n".repeat(500));
  const backups = readdirSync(space.at("home", "backups"));
  const newer = readFileSync(space.at("home", "backups", backups[0]!));
  newer.writeUInt32BE(999, 60);
  writeFileSync(space.at("newer.kcb"), newer);
  const before = readdirSync(space.home).sort();
  for (const name of ["flipped", "cut", "endless", "half", "text", "newer", "absent"]) {
    const refused = await kc(space, ["restore", `${name}.kcb`]);
    expect([name, refused.code]).toEqual([name, 2]);
    expect(refused.stderr).toContain(name === "newer" ? "999" : `${name}.kcb`);
  }
  expect(readdirSync(space.home).sort()).toEqual(before);
  expect(await jobNames(space)).toEqual(["one", "two"]);
});

test("a restore into a new home brings its jobs there, and takes the home's own copies too", async () => {
  await using space = await workspace();
  await run(space, "one");
  await kc(space, ["backup", "kept.kcb"]);
  const elsewhere = { ...space, home: space.at("elsewhere") };
  mkdirSync(space.at("elsewhere"));
  expect((await kc(elsewhere, ["restore", "kept.kcb"])).code).toBe(0);
  expect(await jobNames(elsewhere)).toEqual(["one"]);
  const [own = ""] = readdirSync(space.at("home", "backups"));
  expect((await kc(elsewhere, ["restore", space.at("home", "backups", own)])).code).toBe(0);
  expect(await jobNames(elsewhere)).toEqual(["one"]);
});

test.each([...restoreFaults])(
  "killed at %s, the home has the old ledger or the new one",
  async (point) => {
    await using space = await workspace();
    await run(space, "one");
    await kc(space, ["backup", "kept.kcb"]);
    await run(space, "two");
    const killed = await kc(space, ["restore", "kept.kcb"], {
      faults: true,
      env: { KC_FAULT_POINT: point },
    });
    expect(killed.signal).toBe("SIGKILL");
    await run(space, "three");
    const old = point === "restore-prepared";
    expect(await jobNames(space)).toEqual(old ? ["one", "three", "two"] : ["one", "three"]);
    // The output of "two" is known as ours: it is replaced, not met as someone else's.
    await run(space, "two");
    expect(readdirSync(space.home)).not.toContain("ledger-unreconciled");
    expect(readdirSync(space.home).filter((name) => name.includes("restored"))).toEqual([]);
  },
);
