import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fixture, kc, type Summary } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

const copy = ["--pipeline", fixture("copy")];

test("a damaged ledger is set aside, a backup takes its place, and our outputs stay ours", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await kc(space, ["run", "in", "--out", "out", ...copy, "--name", "before"]);
  const path = space.at("home", "ledger.db");
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4096, Math.min(bytes.length, 40_960));
  writeFileSync(path, bytes);
  const again = await kc(space, ["run", "in", "--out", "out", ...copy, "--json"]);
  expect(again.stderr).toContain("damaged");
  expect(again.code).toBe(0);
  expect(again.json<Summary>().items["completed"]).toBe(1);
  const names = readdirSync(space.home);
  expect(names.some((name) => name.startsWith("ledger.damaged-"))).toBe(true);
  const jobs = (await kc(space, ["jobs", "--json"])).json<{ name: string }[]>();
  expect(jobs.map(({ name }) => name)).toContain("before");
});

test("a ledger of a newer version is refused by name, and left alone", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await kc(space, ["run", "in", "--out", "out", ...copy]);
  const db = new Database(space.at("home", "ledger.db"));
  db.run("PRAGMA user_version = 999");
  db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  const before = readFileSync(space.at("home", "ledger.db"));
  for (const args of [["run", "in", ...copy], ["jobs"]]) {
    const result = await kc(space, args);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("999");
  }
  expect(readFileSync(space.at("home", "ledger.db")).equals(before)).toBe(true);
});

test("the home and what is in it are for their owner alone", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  await kc(space, ["run", "in", "--out", "out", ...copy]);
  const modeOf = (...parts: string[]) => statSync(space.at("home", ...parts)).mode & 0o077;
  expect(modeOf()).toBe(0);
  expect(modeOf("ledger.db")).toBe(0);
  expect(modeOf("logs", "knowledge_system.log")).toBe(0);
});

test("a home on a path that is too long for a socket works all the same", async () => {
  await using space = await workspace();
  await space.file("in/a.txt", "a");
  const home = space.at("h".repeat(120), "home");
  const result = await kc(space, ["--home", home, "run", "in", "--out", "out", ...copy]);
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
});
