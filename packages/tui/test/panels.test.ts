import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { entriesOf, keyTable, type KeyContext } from "../src/keys/key-table.ts";
import { footerRow, headerRow } from "../src/panels/edges.ts";
import { itemsPanel } from "../src/panels/items-panel.ts";
import { jobsPanel } from "../src/panels/jobs-panel.ts";
import { problemsPanel } from "../src/panels/problems-panel.ts";
import { workersPanel } from "../src/panels/workers-panel.ts";
import { emptyDashboard, type Dashboard } from "../src/state/dashboard.ts";
import { viewOf } from "../src/view.ts";
import { aJob, aLiveView, aProblem, aStep, counts, dashboardWith, noon } from "./support/facts.ts";
import { cellsOfRow, lineOf, textOf, viewText } from "./support/text.ts";

const size = { width: 60, height: 12 };

describe("jobs", () => {
  test("show state, bar and share; the selected one its counts and why it waits", () => {
    const paused = aJob({
      id: "p",
      name: "papers-2025",
      state: "paused",
      reason: "the disk is full",
      items: counts({ total: 40, completed: 8, queued: 32 }),
    });
    const done = aJob({
      id: "d",
      name: "notes",
      state: "completed",
      items: counts({ total: 5, completed: 5 }),
    });
    const text = textOf(jobsPanel(dashboardWith([paused, aJob(), done]), size).rows);
    expect(text).toContain("▸‖ papers-2025");
    expect(text).toContain("▓▓░░░░░░░░  20%");
    expect(text).toContain("· 32  ✓ 8");
    expect(text).toContain("of 40");
    expect(text).toContain("the disk is full");
    expect(text).toMatch(/▶ podcast-archive .* 70%/);
    expect(text).toMatch(/✓ notes .* 100%/);
  });

  test("the selected one stays on the screen, however many there are", () => {
    const jobs = Array.from({ length: 100 }, (_, index) =>
      aJob({ id: `j${index}`, name: `job ${index}` }),
    );
    for (const jobId of ["j0", "j50", "j99"]) {
      const { rows } = jobsPanel({ ...dashboardWith(jobs), jobId }, size);
      expect(rows.length).toBeLessThanOrEqual(size.height);
      expect(textOf(rows)).toContain(`▸▶ job ${jobId.slice(1)} `);
      expect(textOf(rows)).toContain("of 300");
    }
  });

  test("an empty home says how to begin", () => {
    expect(textOf(jobsPanel(dashboardWith([]), size).rows)).toContain("kc run PATH...");
  });
});

describe("items", () => {
  const steps = {
    ...dashboardWith([aJob()]).steps,
    rows: [
      aStep(),
      aStep({
        item: "b.md",
        state: "failed",
        error: { name: "E", code: "e", message: "no text in it" },
      }),
    ],
  };

  test("show what runs with its progress above the page of steps", () => {
    const state = dashboardWith([aJob()], { live: aLiveView(), mostRunning: 1, steps });
    const lines = itemsPanel(state, { width: 100, height: 12 }).rows.map(lineOf);
    expect(lines[0]).toMatch(
      /▶ ep-042 Überlegungen.m4a .*▓▓▓▓▓░░░  63% .*2:10 .*1.2 GB segment 42 of 90/,
    );
    expect(lines[1]).toContain("took");
    expect(lines[2]).toMatch(/✓ ep-041 Ada & the engine.mp3 .*completed .*2.1 s/);
    expect(lines[3]).toMatch(/✗ b.md .*failed .*no text in it/);
  });

  test("say so when no item is in the state that is asked for", () => {
    const state = dashboardWith([aJob()], { steps: { ...steps, rows: [], filter: "quarantined" } });
    expect(textOf(itemsPanel(state, size).rows)).toContain("no item is quarantined");
  });

  test("problems are named with what happened and what became of them", () => {
    const state = dashboardWith([aJob()], {
      problems: { rows: [aProblem(), aProblem({ item: "x.mp3", state: "completed" })], at: 0 },
    });
    const text = textOf(problemsPanel(state, { width: 90, height: 4 }).rows);
    expect(text).toMatch(/⊘ ep-017 broken.mp3 .*audio: the worker died of SIGSEGV/);
    expect(text).toMatch(/✓ x.mp3 .*later completed/);
  });

  test("each worker has a gauge on one scale, and what it has in hand", () => {
    const panel = workersPanel(dashboardWith([aJob()], { live: aLiveView() }), {
      width: 60,
      height: 5,
    });
    expect(textOf(panel.rows)).toMatch(/w1 +▓+░+ +1.2 GB audio ep-042 Überlegungen/);
    expect(textOf(panel.rows)).toMatch(/w2 +▓░+ +50 MB ready/);
    expect(textOf(panel.rows)).toMatch(/all +▓▓▓▓░+ +4.0 GB of 16 GB, cpu 37%/);
    expect(panel.foot?.map(({ text }) => text).join("")).toBe("a worker's full bar is 2.0 GB");
  });
});

describe("the edges", () => {
  test("a lost connection is said in the header, and the last picture stays", () => {
    const state = dashboardWith([aJob()], { link: { s: "lost", since: noon } });
    expect(lineOf(headerRow(state))).toContain("connection lost at");
    expect(viewText(viewOf(state))).toContain("podcast-archive");
  });

  test("the footer shows keys that would do something, and always the help and the way out", () => {
    for (let width = 60; width <= 200; width += 1) {
      const line = lineOf(footerRow(dashboardWith([aJob()], { size: { width, height: 24 } })));
      expect(line).toContain("? help");
      expect(line).toContain("q leave (work goes on)");
      expect(line.includes(" s resume")).toBe(false);
    }
    expect(lineOf(footerRow(dashboardWith([aJob({ state: "paused" })])))).toContain("s resume");
  });

  test("no key means two things at one place", () => {
    for (const context of Object.keys(keyTable) as KeyContext[]) {
      const keys = entriesOf(context).flatMap((entry) => entry.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

describe("every view", () => {
  const anyName = fc.string({ unit: "binary", maxLength: 40 });
  const anySize = fc.record({
    width: fc.integer({ min: 20, max: 200 }),
    height: fc.integer({ min: 5, max: 60 }),
  });

  function states(name: string, width: number, height: number): Dashboard[] {
    const job = aJob({ name, reason: name, outDir: name, state: "paused" });
    const step = aStep({
      item: name,
      stage: name,
      state: "quarantined",
      error: { name, code: "x", message: name },
    });
    const full = dashboardWith([job, aJob({ id: "other", name })], {
      size: { width, height },
      live: aLiveView({
        job: { ...job, state: "running" },
        running: aLiveView().running.map((one) => ({ ...one, item: name, message: name })),
      }),
      mostRunning: 4,
      problems: { rows: [aProblem({ item: name })], at: 0 },
    });
    const steps = { ...full.steps, rows: Array<typeof step>(50).fill(step), next: "9.0" };
    const shown = { ...full, steps };
    return [
      emptyDashboard({ width, height }, noon),
      shown,
      {
        ...shown,
        pane: "items",
        showsChart: true,
        notice: { text: name, tone: "bad", until: noon + 1 },
      },
      { ...shown, dialog: { d: "recovery", jobId: job.id, choice: 1 } },
      { ...shown, dialog: { d: "confirm", ask: "delete", jobId: job.id, yes: false } },
      { ...shown, dialog: { d: "details", step, at: 3 } },
      { ...shown, dialog: { d: "help", at: 0 } },
      { ...shown, link: { s: "lost", since: noon } },
    ];
  }

  test("fills its blocks exactly and stays on the screen, for any size and any name", () => {
    fc.assert(
      fc.property(anyName, anySize, (name, { width, height }) => {
        for (const state of states(name, width, height)) {
          for (const { rect, rows } of viewOf(state).blocks) {
            expect(rect.left).toBeGreaterThanOrEqual(0);
            expect(rect.left + rect.width).toBeLessThanOrEqual(width);
            expect(rect.top + rect.height).toBeLessThanOrEqual(height);
            expect(rows.length).toBeLessThanOrEqual(rect.height);
            for (const line of rows) expect(cellsOfRow(line)).toBe(rect.width);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("sends no control character of a name to the terminal", () => {
    // oxlint-disable-next-line no-control-regex -- that none is left is what this is about
    const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
    fc.assert(
      fc.property(anyName, (name) => {
        for (const state of states(name, 100, 30)) {
          expect(viewText(viewOf(state))).not.toMatch(unsafe);
        }
      }),
      { numRuns: 60 },
    );
  });
});
