/** `kc report`: figures of what really happened, computed once, whoever asks and whoever died in between. */
import { describe, expect, test } from "bun:test";
// @boundaries-ignore the shape of the document is the one of core
import type { Report } from "../../packages/core/src/analytics/report/report.ts";
import { fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

describe("a report", () => {
  test("counts items, crashes, recoveries and patterns of what was run", async () => {
    await using space = await workspace();
    for (let i = 0; i < 6; i += 1) await space.file(`in/${i}.txt`, `text ${i}`);
    await space.file("in/bad.txt", "text");
    const config = await space.file("config.yaml", "process_isolation:\n  max_attempts: 2\n");
    await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("kill-self"),
      "--config",
      config,
    ]);

    const report = await reported(space);

    expect(report.counts).toMatchObject({
      itemsCompleted: 6,
      itemsQuarantined: 1,
      attempts: 8,
      jobsEnded: 1,
    });
    expect(report.crashes).toEqual({ signal: 2 });
    expect(report.metrics.completionRate.value).toBeCloseTo((100 * 6) / 7);
    expect(report.metrics.crashRate.value).toBeGreaterThan(0);
    expect(report.metrics.uptime.value).toBeGreaterThan(0);
    expect(report.metrics.memoryEfficiency.value).toBeGreaterThan(0);
    // One step that crashed has ended: too few for a rate.
    expect(report.metrics.recoverySuccess).toMatchObject({ value: null, events: 1 });
    expect(report.errors).toMatchObject([{ count: 2, code: "worker_crashed" }]);
    expect(report.times.stages["kill-self"]?.count).toBe(6);
    expect(report.times.jobs?.count).toBe(1);
    expect(report.trend.reduce((sum, row) => sum + row.itemsCompleted, 0)).toBe(6);
  });

  test("counts nothing twice and forgets nothing when the supervisor is killed", async () => {
    await using space = await workspace();
    for (let i = 0; i < 8; i += 1) await space.file(`in/${i}.txt`, `text ${i}`);
    for (let i = 8; i < 12; i += 1) await space.file(`in/bad${i}.txt`, `text ${i}`);
    const config = await space.file(
      "config.yaml",
      "performance_tuning:\n  stats_collection_interval: 0.1\n",
    );
    const args = [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("waits"),
      "--set",
      `waits.gate=${space.at("gate")}`,
      "--config",
      config,
    ];
    const child = startKc(space, args);
    await until(
      "two items are completed",
      async () => (await reported(space)).counts.itemsCompleted >= 2,
    );
    child.kill("SIGKILL");
    await child.exited;
    const before = (await reported(space)).counts.itemsCompleted;

    for (let i = 8; i < 12; i += 1) await space.file(`gate/bad${i}`, "");
    await kc(space, ["resume", "--config", config]);
    const after = await reported(space);

    expect(before).toBeGreaterThanOrEqual(2);
    expect(after.counts.itemsCompleted).toBe(12);
    expect(after.trend.reduce((sum, row) => sum + row.stepsCompleted, 0)).toBe(12);
  });

  test("says that there is nothing yet in a new home, and that data is missing where it is", async () => {
    await using space = await workspace();
    const none = await kc(space, ["report"]);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 0, stdout: "" });
    expect(none.stderr).toContain("nothing to report");

    await space.file("in/a.txt", "text");
    await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
    const text = (await kc(space, ["report"])).stdout;
    expect(text).toMatch(/^ {2}Crash rate +no data yet$/m);
    expect(text).toContain("Items completed");
  });

  test("is one HTML file that asks nothing of the network", async () => {
    await using space = await workspace();
    await space.file("in/<b>&.txt", "text");
    for (let i = 0; i < 4; i += 1) await space.file(`in/${i}.txt`, `text ${i}`);
    await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("throws")]);
    const { code } = await kc(space, ["report", "--format", "html", "-o", "report.html"]);
    const html = await Bun.file(space.at("report.html")).text();

    expect(code).toBe(0);
    expect(html).toContain("<svg");
    expect(html.replaceAll("http://www.w3.org/", "")).not.toMatch(
      /https?:|<script|<link|@import|url\(/,
    );
  });

  test("steps that take far longer than is usual in their stage are marked", async () => {
    await using space = await workspace();
    for (let i = 0; i < 30; i += 1) await space.file(`in/${i}.txt`, `text ${i}`);
    await space.file("in/zz-odd.txt", "text");
    const processor = await space.file(
      "mostly-quick.ts",
      `import { defineProcessor } from "@knowledge-chipper/plugin-sdk";
      import { z } from "zod";
      export default defineProcessor({
        name: "mostly-quick", version: "1.0.0", sdk: 1, kind: "map", accepts: { extensions: [".txt"] },
        produces: [], options: z.object({}),
        async process({ source }) { await Bun.sleep(source.name.includes("odd") ? 800 : 5); },
      });`,
    );
    await kc(space, ["run", "in", "--out", "out", "--pipeline", processor]);

    const shown = JSON.parse((await kc(space, ["show", "last", "--json"])).stdout) as {
      steps: { item: string; slow?: boolean }[];
    };
    expect(shown.steps.filter(({ slow }) => slow).map(({ item }) => item)).toEqual(["zz-odd.txt"]);
  });

  test("refuses a format that it does not know", async () => {
    await using space = await workspace();
    const { code, stderr } = await kc(space, ["report", "--format", "pdf"]);
    expect(code).toBe(2);
    expect(stderr).toContain("text, json, md, html");
  });
});

async function reported(space: Workspace): Promise<Report> {
  const { stdout } = await kc(space, ["report", "--json", "--hours", "1"]);
  if (stdout === "") return { counts: { itemsCompleted: 0 } } as Report;
  return JSON.parse(stdout) as Report;
}
