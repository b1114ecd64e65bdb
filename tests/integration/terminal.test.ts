import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { fixture } from "../support/kc.ts";
import { kcInTerminal } from "../support/pty.ts";
import { workspace } from "../support/workspace.ts";

describe("on a terminal", () => {
  test("a bar shows what is done, how fast, what is left, memory and crashes; Ctrl-C says how to go on", async () => {
    await using space = await workspace();
    for (let n = 0; n < 30; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
    await space.file("in/bad.txt", "bad");
    await using terminal = kcInTerminal(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("kill-self"),
      "--set",
      "kill-self.delayMs=150",
    ]);
    await terminal.shows("/31");
    await terminal.shows("/min");
    await terminal.shows(" left");
    await terminal.shows("MB");
    await terminal.shows("crash");
    terminal.type("\u0003");
    await terminal.shows("kc resume");
    expect(await terminal.exited).toBe(130);
    // The cursor that the bar hid is back.
    expect(terminal.text().lastIndexOf("\u001b[?25h")).toBeGreaterThan(
      terminal.text().lastIndexOf("\u001b[?25l"),
    );
  }, 60_000);

  test.each([
    ["y", "ours", 0],
    ["n", "theirs", 1],
  ] as const)(
    "--overwrite ask: answered with %s, the file in the way is %s",
    async (answer, whose, code) => {
      await using space = await workspace();
      await space.file("in/a.txt", "a");
      await space.file("out/a_copy.txt", "theirs");
      await using terminal = kcInTerminal(space, [
        "run",
        "in",
        "--out",
        "out",
        "--pipeline",
        fixture("copy"),
        "--overwrite",
        "ask",
      ]);
      await terminal.shows("Replace 1 file");
      expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("theirs");
      terminal.type(`${answer}\r`);
      expect(await terminal.exited).toBe(code);
      expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe(
        whose === "ours" ? "A" : "theirs",
      );
    },
    60_000,
  );

  test("no escape code of a file name reaches the terminal", async () => {
    await using space = await workspace();
    await space.file("in/\u001b]0;owned\u0007bad.txt", "bad");
    await space.file("in/good.txt", "good");
    await using terminal = kcInTerminal(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("throws-permanent"),
    ]);
    expect(await terminal.exited).toBe(1);
    expect(terminal.text()).toContain("\\e]0;owned");
    expect(terminal.text()).not.toContain("\u001b]0;owned");
  }, 60_000);
});
