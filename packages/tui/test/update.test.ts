import { describe, expect, test } from "bun:test";
import { emptyDashboard, type Dashboard } from "../src/state/dashboard.ts";
import type { Effect, Message } from "../src/state/message.ts";
import { update } from "../src/state/update.ts";
import { viewOf } from "../src/view.ts";
import { aJob, aLiveView, aProblem, aStep, counts, dashboardWith, noon } from "./support/facts.ts";
import { viewText } from "./support/text.ts";

/** Presses keys one after the other. */
function press(state: Dashboard, ...keys: string[]): { state: Dashboard; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const key of keys) {
    const done = update(state, { m: "key", key }, noon);
    state = done.state;
    if (done.effect !== null) effects.push(done.effect);
  }
  return { state, effects };
}

function hear(state: Dashboard, message: Message, now = noon): Dashboard {
  return update(state, message, now).state;
}

const interrupted = aJob({ id: "i", name: "thesis-notes", state: "interrupted" });
const paused = aJob({ id: "p", name: "papers-2025", state: "paused" });

describe("recovery", () => {
  const waiting = dashboardWith([interrupted, paused]);

  test("opens by itself for a job that was interrupted, once", () => {
    const empty = emptyDashboard({ width: 100, height: 30 }, noon);
    const first = hear(empty, { m: "jobs", jobs: [aJob(), interrupted] });
    expect(first.dialog).toMatchObject({ d: "recovery", jobId: "i" });
    expect(viewText(viewOf(first))).toContain("Resume (recommended)");
    const closed = press(first, "escape").state;
    expect(hear(closed, { m: "jobs", jobs: [aJob(), interrupted] }).dialog).toBeNull();
  });

  test("resumes at Enter, for that is what is recommended", () => {
    const { state, effects } = press(waiting, "enter", "enter");
    expect(effects).toEqual([{ e: "resume", jobId: "i", name: "thesis-notes" }]);
    expect(state.dialog).toBeNull();
  });

  test.each([
    ["restart", ["down"]],
    ["remove", ["down", "down"]],
  ] as const)("%s asks first, and Enter alone means No", (effect, moves) => {
    const asked = press(waiting, "enter", ...moves, "enter");
    expect(asked.effects).toEqual([]);
    expect(viewText(viewOf(asked.state))).toMatch(/No .*Yes/);
    const refused = press(asked.state, "enter");
    expect(refused.effects).toEqual([]);
    expect(refused.state.dialog).toMatchObject({ d: "recovery" });
    expect(press(asked.state, "y").effects).toMatchObject([{ e: effect, jobId: "i" }]);
    expect(press(asked.state, "right", "enter").effects).toMatchObject([{ e: effect, jobId: "i" }]);
  });

  test("turns to the next job that waits", () => {
    const { state } = press(waiting, "enter", "tab");
    expect(state.dialog).toMatchObject({ d: "recovery", jobId: "p" });
    expect(state.jobId).toBe("p");
  });

  test("closes when somebody else resumed the job", () => {
    const open = press(waiting, "enter").state;
    expect(
      hear(open, { m: "jobs", jobs: [{ ...interrupted, state: "running" }, paused] }).dialog,
    ).toBeNull();
  });
});

describe("keys", () => {
  test("p, s and r ask for what fits the job's state, and say why otherwise", () => {
    const over = aJob({ state: "completed_with_problems" });
    expect(press(dashboardWith([aJob()]), "p").effects).toMatchObject([{ e: "pause" }]);
    expect(press(dashboardWith([paused]), "s").effects).toMatchObject([{ e: "resume" }]);
    expect(press(dashboardWith([over]), "r").effects).toMatchObject([{ e: "retry" }]);
    const refused = press(dashboardWith([aJob()]), "r");
    expect(refused.effects).toEqual([]);
    expect(refused.state.notice?.text).toContain("still runs");
    expect(press(dashboardWith([over]), "s").state.notice?.text).toContain("is over");
  });

  test("q leaves, and so does Ctrl-C from anywhere", () => {
    expect(press(dashboardWith([aJob()]), "q").effects).toEqual([{ e: "quit" }]);
    for (const open of [["?"], ["enter"], ["enter", "down", "enter"]]) {
      expect(press(dashboardWith([paused]), ...open, "C-c").effects).toEqual([{ e: "quit" }]);
    }
    expect(press(dashboardWith([paused]), "?", "q").effects).toEqual([]);
  });

  test("another job brings its own items, and nothing of the last one", () => {
    const state = dashboardWith([aJob(), paused], {
      live: aLiveView(),
      problems: { rows: [aProblem()], at: 0 },
    });
    const next = press(state, "down").state;
    expect(next).toMatchObject({
      jobId: "p",
      live: null,
      problems: { rows: [] },
      steps: { rows: null },
    });
  });

  test("tab goes through the panes that are shown", () => {
    const small = { width: 80, height: 24 };
    const none = dashboardWith([aJob()], { size: small });
    expect(press(none, "tab").state.pane).toBe("items");
    expect(press(none, "tab", "tab").state.pane).toBe("jobs");
    const some = { ...none, problems: { rows: [aProblem()], at: 0 } };
    expect(press(some, "S-tab").state.pane).toBe("problems");
    expect(press(some, "S-tab", "c").state.pane).toBe("jobs");
  });

  test("moving past the end of a page of items reads the next one, and back the one before", () => {
    const state = dashboardWith([aJob()], { pane: "items" });
    const page = (cursor: string | null, next: string | null, names: string[]): Message => ({
      m: "steps",
      wanted: { jobId: "job1", filter: "all", cursor, limit: 2 },
      rows: names.map((item) => aStep({ item })),
      next,
    });
    const first = hear(state, page(null, "1.0", ["a", "b"]));
    const asked = press(first, "down", "down").state;
    expect(asked.steps).toMatchObject({ trail: [null, "1.0"], rows: null });
    const second = hear(asked, page("1.0", null, ["c", "d"]));
    expect(second.steps.at).toBe(0);
    expect(press(second, "down", "down", "down").state.steps.at).toBe(1);
    const back = hear(press(second, "up").state, page(null, "1.0", ["a", "b"]));
    expect(back.steps.at).toBe(1);
    // A page that nobody waits for any more is not shown.
    expect(hear(back, page("1.0", null, ["c"])).steps.rows).toHaveLength(2);
  });

  test("a page of text moves no further than its last line", () => {
    const help = press(dashboardWith([aJob()], { size: { width: 60, height: 16 } }), "?");
    const down = press(help.state, ...Array<string>(100).fill("down")).state;
    const up = press(down, "up").state;
    expect(viewText(viewOf(up))).not.toBe(viewText(viewOf(down)));
  });
});

describe("what comes from the other side", () => {
  test("a notice goes away by itself", () => {
    const said = hear(dashboardWith([aJob()]), { m: "said", text: "done", tone: "good" });
    expect(hear(said, { m: "tick" }, noon + 1_000).notice?.text).toBe("done");
    expect(hear(said, { m: "tick" }, noon + 60_000).notice).toBeNull();
  });

  test("a job that was deleted leaves the selection where it was", () => {
    const jobs = [aJob({ id: "a" }), aJob({ id: "b" }), aJob({ id: "c" })];
    const state = press(dashboardWith(jobs), "down").state;
    expect(hear(state, { m: "jobs", jobs: [aJob({ id: "a" }), aJob({ id: "c" })] }).jobId).toBe(
      "c",
    );
  });

  test("after a loss the last picture stays until somebody is found", () => {
    const lost = hear(dashboardWith([aJob()], { live: aLiveView() }), { m: "lost" });
    expect(lost.link.s).toBe("lost");
    expect(lost.live).not.toBeNull();
    expect(hear(lost, { m: "unheld" })).toMatchObject({ link: { s: "unheld" }, live: null });
    expect(hear(lost, { m: "found" }).link.s).toBe("up");
  });

  test("what runs is told of the selected job only", () => {
    const other = aLiveView({ job: aJob({ id: "other", items: counts({ total: 1 }) }) });
    expect(
      hear(dashboardWith([aJob()]), { m: "live", jobId: "other", live: other }).live,
    ).toBeNull();
  });
});
