import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { fixture, kc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { workspace } from "../support/workspace.ts";

const counts = (completed: number, others: Record<string, number> = {}) => ({
  total: completed + Object.values(others).reduce((a, b) => a + b, 0),
  queued: 0,
  running: 0,
  retrying: 0,
  failed: 0,
  quarantined: 0,
  skipped: 0,
  cancelled: 0,
  completed,
  ...others,
});

describe("kc run", () => {
  test("takes documents to summaries and a Map of Content, and says so", async () => {
    await using space = await workspace();
    await space.file(
      "in/owls.md",
      "# Owls\n\nOwls hunt at night. An owl turns its head far. Owls are silent in flight.\n",
    );
    await space.file(
      "in/deep/larks.txt",
      "Larks sing at dawn. A lark rises while it sings. Larks nest on the ground.\n",
    );
    const result = await kc(space, ["run", "in", "--out", "out"]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("completed");
    expect(Object.keys(outputsOf(space.out))).toEqual([
      "deep/larks_claims.yaml",
      "deep/larks_summary.md",
      "moc/Jargon.md",
      "moc/MOC.md",
      "moc/Mental_Models.md",
      "moc/People.md",
      "moc/Tags.md",
      "moc/claims.yaml",
      "owls_claims.yaml",
      "owls_summary.md",
    ]);
    expect(strayFiles(space.out)).toEqual([]);
  });

  test("prints one event a line with --json and ends with the summary", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "alpha");
    await space.file("in/b.txt", "beta");
    const result = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("copy"),
      "--json",
      "--name",
      "two",
    ]);
    expect(result.code).toBe(0);
    const types = result.lines().map(({ type }) => type);
    expect(types).toContain("job:planned");
    expect(types.filter((type) => type === "step:completed")).toHaveLength(2);
    const summary = result.json<Summary>();
    expect(summary).toMatchObject({
      type: "job:summary",
      name: "two",
      state: "completed",
      items: counts(2),
      attempts: 2,
      crashes: 0,
      outDir: space.out,
      artifacts: 2,
    });
    expect(summary.durationMs).toBeGreaterThan(0);
  });

  test("shows jobs and steps in the shapes that scripts rely on", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "alpha");
    await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("copy"),
      "--name",
      "shapes",
    ]);
    const [job] = (await kc(space, ["jobs", "--json"])).json<Record<string, unknown>[]>();
    expect(job).toMatchObject({
      name: "shapes",
      state: "completed",
      pipeline: ["copy"],
      items: counts(1),
      outDir: space.out,
    });
    expect(String(job?.["createdAt"])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const shown = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    expect(shown.steps).toHaveLength(1);
    expect(shown.steps[0]).toMatchObject({
      item: "a.txt",
      stage: "copy",
      state: "completed",
      attempts: { started: 1, failed: 0, crashed: 0 },
    });
    const [artifact] = shown.steps[0]?.artifacts ?? [];
    expect(artifact).toMatchObject({ role: "copy", bytes: 5, path: space.at("out", "a_copy.txt") });
    expect(readFileSync(artifact?.path ?? "", "utf8")).toBe("ALPHA");
  });

  test("one file that always kills its worker is quarantined while the other 99 complete", async () => {
    await using space = await workspace();
    for (let n = 0; n < 99; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
    await space.file("in/bad.txt", "boom");
    const result = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("segfault"),
      "--json",
    ]);
    expect(result.code).toBe(1);
    expect(result.json<Summary>()).toMatchObject({
      state: "completed_with_problems",
      items: counts(99, { quarantined: 1 }),
      attempts: 102,
      crashes: 3,
    });
    const shown = (
      await kc(space, ["show", "last", "--json", "--state", "quarantined"])
    ).json<Shown>();
    expect(shown.steps).toHaveLength(1);
    expect(shown.steps[0]).toMatchObject({
      item: "bad.txt",
      state: "quarantined",
      attempts: { started: 3, failed: 0, crashed: 3 },
      error: { code: "worker_crashed" },
    });
    expect(shown.steps[0]?.dossier?.crash.signal).toBe("SIGSEGV");
    const text = (await kc(space, ["show", "last"])).stdout;
    expect(text).toContain("SIGSEGV");
    expect(text).toContain("3 started, 0 failed, 3 crashed");
  }, 60_000);

  test("one failed file never restarts others", async () => {
    await using space = await workspace();
    for (const name of ["a", "b", "broken", "c", "d"]) await space.file(`in/${name}.txt`, name);
    const result = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("copy"),
      "--set",
      "copy.failOn=broken",
      "--json",
    ]);
    expect(result.code).toBe(1);
    expect(result.json<Summary>()).toMatchObject({
      items: counts(4, { failed: 1 }),
      attempts: 7,
      crashes: 0,
    });
    const shown = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    for (const step of shown.steps) {
      expect(step.attempts.started).toBe(step.item === "broken.txt" ? 3 : 1);
    }
  });

  test("retry runs what failed, and only that", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    const bad = await space.file("in/b.txt", "");
    const first = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("copy"),
      "--json",
    ]);
    expect(first.json<Summary>().items).toEqual(counts(1, { failed: 1 }));
    await Bun.write(bad, "no longer empty");
    const second = await kc(space, ["retry", "last", "--changed", "--json"]);
    expect(second.code).toBe(0);
    expect(second.json<Summary>()).toMatchObject({
      state: "completed",
      items: counts(2),
      attempts: 2,
    });
  });

  test("restart processes every file again and replaces what is ours", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
    const before = outputsOf(space.out);
    const again = await kc(space, ["restart", "last", "--yes", "--json"]);
    expect(again.code).toBe(0);
    expect(again.json<Summary>()).toMatchObject({
      state: "completed",
      attempts: 2,
      items: counts(1),
    });
    expect(outputsOf(space.out)).toEqual(before);
  });

  test("delete forgets the job and keeps its outputs", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
    expect((await kc(space, ["delete", "last"])).code).toBe(0);
    expect((await kc(space, ["jobs", "--json"])).json<unknown[]>()).toEqual([]);
    expect(existsSync(space.at("out", "a_copy.txt"))).toBe(true);
  });

  test("a dry run shows the plan and does nothing", async () => {
    await using space = await workspace();
    await space.file("in/a.md", "# A\n\nSome text.");
    const result = await kc(space, ["run", "in", "--out", "out", "--dry-run"]);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("a.md");
    expect(result.stdout).toContain("summarize");
    expect(existsSync(space.out)).toBe(false);
    expect((await kc(space, ["jobs", "--json"])).json<unknown[]>()).toEqual([]);
  });

  test("a gather stage reads every completed item, in order, and its failure is a problem of the job", async () => {
    await using space = await workspace();
    for (const name of ["b", "a", "c"]) await space.file(`in/${name}.txt`, name);
    const good = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      `${fixture("copy")},${fixture("gather-list")}`,
    ]);
    expect(good.code).toBe(0);
    const index = readFileSync(space.at("out", "gather-list", "index.txt"), "utf8")
      .trim()
      .split("\n");
    expect(index.map((line) => line.split(/\s/)[0])).toEqual(["a.txt", "b.txt", "c.txt"]);
    const bad = await kc(space, [
      "run",
      "in",
      "--out",
      "out2",
      "--pipeline",
      `${fixture("copy")},${fixture("gather-fails")}`,
      "--json",
    ]);
    expect(bad.code).toBe(1);
    expect(bad.json<Summary>()).toMatchObject({
      state: "completed_with_problems",
      items: counts(3),
    });
  });

  test("resumes inside a step: killed at segment 42 of 90, it goes on at 43", async () => {
    await using space = await workspace();
    await space.file("in/long.txt", "abcdefghij".repeat(90));
    const result = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("segments"),
      "--set",
      "segments.crashAt=42",
      "--json",
    ]);
    expect(result.code).toBe(0);
    const summary = result.json<Summary>();
    expect(summary).toMatchObject({ attempts: 2, crashes: 1, items: counts(1) });
    const logs = new Bun.Glob("*.log").scanSync({
      cwd: space.at("home", "logs", "attempts", summary.jobId),
      absolute: true,
    });
    const texts = [...logs].toSorted().map((path) => readFileSync(path, "utf8"));
    expect(texts[1]).toMatch(/^\S+ info segment 4[23]\n/);
    expect(readFileSync(space.at("out", "long_segments.txt"), "utf8")).toBe(
      "ABCDEFGHIJ".repeat(90),
    );
  });
});
