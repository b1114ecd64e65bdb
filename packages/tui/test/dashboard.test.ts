import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { isAlive, openTestHome, type TestHome } from "./support/home.ts";
import { keys, type TestTerminal } from "./support/terminal.ts";

// Real processes in real terminals: room for a slow machine.
setDefaultTimeout(60_000);

async function withSources(home: TestHome, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await home.source(`talk ${n}.txt`, `words ${n}`);
}

/** A run whose process is killed in the middle. */
async function interruptedJob(home: TestHome, name: string): Promise<void> {
  await withSources(home, 12);
  const run = home.run(name, "copy", "copy.delayMs=150");
  const out = join(home.path, `out-${name}`, "talk 3_copy.txt");
  for (const end = Date.now() + 20_000; Date.now() < end && !(await Bun.file(out).exists());)
    await Bun.sleep(10);
  run.kill("SIGKILL");
  await run.exited;
}

/** What the program wrote last may still be on its way when it has ended. */
async function expectWhole(terminal: TestTerminal): Promise<void> {
  for (const end = Date.now() + 5_000; Date.now() < end && !terminal.isNormal();)
    await Bun.sleep(5);
  expect(terminal.isNormal()).toBe(true);
  expect(terminal.isCursorShown()).toBe(true);
}

describe("kc tui", () => {
  test("lists a job, and leaves the terminal whole and the supervisor at work", async () => {
    await using home = await openTestHome();
    await home.source("Überlegungen {bold}\u001b[31m.txt", "one");
    await home.source("b.txt", "two");
    expect(await home.run("field-notes", "copy").exited).toBe(0);
    await using terminal = home.open(80, 24);
    await terminal.until(/field-notes .*▓ 100%/);
    const screen = await terminal.until("Überlegungen {bold}\\e[31m");
    expect(screen).toContain("✓ b.txt");
    expect(screen).toContain("q leave (work goes on)");
    expect(terminal.isNormal()).toBe(false);
    terminal.send("q");
    expect(await terminal.exited).toBe(0);
    await expectWhole(terminal);
    const holder = await home.holder();
    expect(holder !== null && isAlive(holder)).toBe(true);
  });

  test("offers to resume a job whose supervisor was killed, and shows it through to its end", async () => {
    await using home = await openTestHome();
    await interruptedJob(home, "thesis-notes");
    await using terminal = home.open(80, 24);
    const dialog = await terminal.until("▸ Resume (recommended)");
    expect(dialog).toContain("thesis-notes was interrupted");
    // Deleting asks first, and Enter alone means No.
    terminal.send(keys.down);
    terminal.send(keys.down);
    await terminal.until("▸ Delete");
    terminal.send(keys.enter);
    await terminal.until("Delete thesis-notes?");
    terminal.send(keys.enter);
    await terminal.until("▸ Delete");
    terminal.send(keys.up);
    terminal.send(keys.up);
    await terminal.until("▸ Resume (recommended)");
    terminal.send(keys.enter);
    await terminal.until(/▶ talk \d+\.txt .*copy/);
    await terminal.until(/thesis-notes .*▓ 100%/);
    await terminal.until("✓ 12");
    terminal.send("q");
    expect(await terminal.exited).toBe(0);
    await expectWhole(terminal);
  });

  test("shows both the items and the chart where there is room, and follows the size of the terminal", async () => {
    await using home = await openTestHome();
    await home.source("bad.txt", "boom");
    await withSources(home, 3);
    expect(await home.run("crashers", "segfault").exited).toBe(1);
    await using terminal = home.open(160, 45);
    await terminal.until(/crashers .*▓ 100%/);
    const large = await terminal.until("3 crashes");
    expect(large).toMatch(/[⠀-⣿]{3}/);
    expect(large).toContain("Items of crashers");
    await terminal.until(/⊘ bad.txt .*SIGSEGV/);
    terminal.resize(80, 24);
    await terminal.until((screen) => !/[⠁-⣿]/.test(screen) && screen.includes("Items of crashers"));
    terminal.send("c");
    await terminal.until(
      (screen) => /[⠁-⣿]{3}/.test(screen) && !screen.includes("Items of crashers"),
    );
    terminal.resize(40, 10);
    await terminal.until("The dashboard needs 60 x 16.");
    terminal.resize(80, 24);
    await terminal.until("Crashes per 2 min");
    terminal.send(keys.interrupt);
    expect(await terminal.exited).toBe(0);
    await expectWhole(terminal);
  });

  test("says that the supervisor is gone, keeps what is known, and starts another when asked to go on", async () => {
    await using home = await openTestHome();
    await interruptedJob(home, "field-notes");
    await using terminal = home.open(80, 24);
    await terminal.until("▸ Resume (recommended)");
    terminal.send(keys.escape);
    await terminal.until(
      (screen) => !screen.includes("recommended") && screen.includes("✓ talk 0.txt"),
    );
    const first = await home.holder();
    process.kill(first ?? 0, "SIGKILL");
    const lost = await terminal.until("nobody holds this home since");
    expect(lost).toMatch(/field-notes .* \d\d%/);
    expect(lost).toContain("✓ talk 0.txt");
    terminal.send("s");
    await terminal.until(/field-notes .*▓ 100%/);
    const second = await home.holder();
    expect(second).not.toBeNull();
    expect(second).not.toBe(first);
    terminal.send("q");
    expect(await terminal.exited).toBe(0);
  });

  test("gives the terminal back at SIGTERM", async () => {
    await using home = await openTestHome();
    await using terminal = home.open(80, 24);
    await terminal.until("No job yet.");
    process.kill(terminal.pid, "SIGTERM");
    expect(await terminal.exited).toBe(143);
    await expectWhole(terminal);
  });

  test.each(["throw", "reject"])(
    "gives the terminal back when the program fails (%s), and shows why",
    async (how) => {
      await using home = await openTestHome();
      await withSources(home, 1);
      expect(await home.run("field-notes", "copy").exited).toBe(0);
      const script = join(import.meta.dir, "fixtures/failing-dashboard.ts");
      await using terminal = home.open(80, 24, [
        process.execPath,
        script,
        join(home.path, "home"),
        how,
      ]);
      expect(await terminal.exited).toBe(1);
      await expectWhole(terminal);
      expect(await terminal.until("nobody")).toContain("the dashboard failed; the work goes on");
    },
  );

  test("without a terminal it says what to use instead", async () => {
    await using home = await openTestHome();
    const child = home.kc("tui");
    expect(await child.exited).toBe(2);
    const said = await child.stderr.text();
    expect(said).toContain("kc run");
    expect(said).toContain("kc jobs");
  });
});
