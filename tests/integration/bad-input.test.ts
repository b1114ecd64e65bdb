import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fixture, kc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf } from "../support/outputs.ts";
import { workspace } from "../support/workspace.ts";

const copy = ["--pipeline", fixture("copy")];

describe("a command that cannot be carried out ends with exit 2 and says why", () => {
  test.each([
    ["a missing path", ["run", "nowhere"], "nowhere"],
    ["no path at all", ["run"], "no path was given"],
    [
      "an unknown processor, with the nearest name",
      ["run", "in", "--pipeline", "sumarize"],
      'Did you mean "summarize"?',
    ],
    ["a processor module that is not there", ["run", "in", "--pipeline", "./mine.ts"], "mine.ts"],
    [
      "an unknown option, with the nearest name",
      ["run", "in", "--pipeline", "summarize", "--set", "summarize.lenght=long"],
      'Did you mean "length"?',
    ],
    [
      "a bad value of an option",
      ["run", "in", ...copy, "--set", "copy.delayMs=soon"],
      "copy.delayMs",
    ],
    [
      "options of a processor that is not in the pipeline",
      ["run", "in", ...copy, "--set", "audio.language=en"],
      "not in the pipeline",
    ],
    [
      "a --set without a value",
      ["run", "in", ...copy, "--set", "copy.delayMs"],
      "processor.option=value",
    ],
    ["an unknown flag", ["run", "in", "--outt", "x"], "--outt"],
    ["an unknown verb", ["rum", "in"], "rum"],
    ["an unknown job", ["show", "nothing"], "nothing"],
    ["a bad number of workers", ["run", "in", "--workers", "0"], "whole number"],
    ["a processor that does not load", ["run", "in", "--pipeline", fixture("no-load")], "no-load"],
    ["a processor of another contract", ["run", "in", "--pipeline", fixture("wrong-sdk")], "99"],
    [
      "a module that is no processor",
      ["run", "in", "--pipeline", fixture("not-a-processor")],
      "not-a-processor",
    ],
  ])("%s", async (_name, args, said) => {
    await using space = await workspace();
    await space.file("in/a.txt", "text");
    const result = await kc(space, [...args]);
    expect(result.stderr).toContain(said);
    expect(result.stderr).not.toContain("    at ");
    expect(result.code).toBe(2);
    expect((await kc(space, ["jobs", "--json"])).json<unknown[]>()).toEqual([]);
  });

  test("a folder without usable files", async () => {
    await using space = await workspace();
    await space.file(
      "in/picture.png",
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
    );
    const result = await kc(space, ["run", "in", "--pipeline", "summarize"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("nothing to do");
    // Nothing was started, so nothing was made.
    expect(existsSync(space.at("output"))).toBe(false);
    expect((await kc(space, ["run", space.at("in"), "--include", "*.nothing"])).code).toBe(2);
  });

  test("an output folder that is a file, or cannot be written", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "text");
    await space.file("taken", "I am a file");
    const file = await kc(space, ["run", "in", ...copy, "--out", "taken"]);
    expect(file.code).toBe(2);
    expect(file.stderr).toContain("is a file");
    expect((await kc(space, ["run", "in", ...copy, "--out", "taken/deeper"])).code).toBe(2);
    const proc = await kc(space, ["run", "in", ...copy, "--out", "/proc/kc"]);
    expect(proc.code).toBe(2);
    expect(proc.stderr).toContain("cannot write");
  });

  test("a broken configuration, by file, line and key", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "text");
    const config = await space.file(
      "bad.yaml",
      "process_isolation:\n  enabled: true\n  max_attempts: many\n",
    );
    const result = await kc(space, ["run", "in", ...copy, "--config", config]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("bad.yaml");
    expect(result.stderr).toContain("max_attempts");
    expect(result.stderr).toMatch(/\b3\b/);
  });
});

describe("a file that cannot be processed is that item's failure, and the rest completes", () => {
  test("that has no bytes fails at the stage that its name speaks of", async () => {
    await using space = await workspace();
    for (const name of ["a.wav", "b.txt", "c"]) await space.file(`in/${name}`, "");
    await kc(space, ["run", "in", "--out", "out", "--pipeline", "audio,summarize", "--json"]);
    const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    expect(steps.map(({ item, stage, error }) => [item, stage, error?.code])).toEqual([
      ["a.wav", "audio", "input_empty"],
      ["b.txt", "summarize", "input_empty"],
      ["c", "audio", "input_empty"],
    ]);
    expect((await kc(space, ["retry", "last", "--json"])).code).toBe(1);
    await space.file("in/b.txt", "The river rises when the snow melts in spring.");
    await kc(space, ["retry", "last", "--changed", "--json"]);
    const again = (await kc(space, ["show", "last", "--json"])).json<Shown>().steps;
    expect(again.find(({ item }) => item === "b.txt")?.state).toBe("completed");
  });

  test("empty, vanished types, broken pdf, wrong extension", async () => {
    await using space = await workspace();
    await space.file(
      "in/good.md",
      "# Good\n\nThis is a good text. It has sentences. They say things.\n",
    );
    await space.file("in/empty.md", "");
    await space.file("in/cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Cat");
    await space.file(
      "in/liar.pdf",
      "This is no pdf but plain text. It says so. It is summarised as what it is.\n",
    );
    const result = await kc(space, [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      "summarize",
      "--json",
    ]);
    expect(result.code).toBe(1);
    const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    const byItem = Object.fromEntries(steps.map((step) => [step.item, step]));
    expect(byItem["good.md"]?.state).toBe("completed");
    expect(byItem["empty.md"]).toMatchObject({ state: "failed", error: { code: "input_empty" } });
    expect(byItem["cut.pdf"]?.state).toBe("failed");
    expect(byItem["cut.pdf"]?.attempts.started).toBe(1);
    expect(byItem["liar.pdf"]).toMatchObject({ state: "failed", attempts: { started: 1 } });
    expect(byItem["liar.pdf"]?.error?.message).toContain("its content is not one");
  });

  test("a named pipe and a broken link are left out with a reason; a link in a circle ends", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    symlinkSync(space.at("in"), space.at("in", "circle"));
    symlinkSync(space.at("gone"), space.at("in", "broken"));
    Bun.spawnSync(["mkfifo", space.at("in", "pipe")]);
    const result = await kc(space, ["run", "in", "--out", "out", ...copy, "--json"]);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("pipe");
    expect(result.stderr).toContain("broken");
    expect(Object.keys(outputsOf(space.out))).toEqual(["a_copy.txt"]);
  });

  test("an input that vanishes or changes after planning fails with that reason, and the rest completes", async () => {
    await using space = await workspace();
    for (const name of ["a", "b", "c"]) await space.file(`in/${name}.txt`, name);
    const slow = ["--set", "copy.delayMs=400", "--workers", "1"];
    const first = await kcUntilRunning(space, ["run", "in", "--out", "out", ...copy, ...slow]);
    first.kill("SIGKILL");
    await first.exited;
    writeFileSync(space.at("in", "b.txt"), "other text");
    unlinkSync(space.at("in", "c.txt"));
    const resumed = await kc(space, ["resume", "last", "--json"]);
    expect(resumed.code).toBe(1);
    const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    expect(steps.map(({ item, state, error }) => [item, state, error?.code])).toEqual([
      ["a.txt", "completed", undefined],
      ["b.txt", "failed", "input_changed"],
      ["c.txt", "failed", "input_missing"],
    ]);
  }, 60_000);

  test("hard names: Unicode, newline, escape codes, 255 bytes, case twins, one stem twice", async () => {
    await using space = await workspace();
    const names = [
      "Überlegungen – 第一章 🙂.txt",
      "line\nbreak.txt",
      "bell\u0007and\u001b[31mred\u001b[0m.txt",
      `${"n".repeat(251)}.txt`,
      "Twin.txt",
      "twin.txt",
      "one.txt",
      "one.md",
    ];
    mkdirSync(space.at("in"));
    for (const name of names)
      writeFileSync(join(space.at("in"), name), `text of ${name.slice(0, 20)}`);
    const result = await kc(space, ["run", "in", "--out", "out", ...copy]);
    expect(result.code).toBe(0);
    expect(result.stdout + result.stderr).not.toContain("\u001b[31mred");
    const out = Object.keys(outputsOf(space.out));
    expect(out).toHaveLength(names.length);
    expect(new Set(out.map((name) => name.toLowerCase().normalize("NFC"))).size).toBe(names.length);
    expect(out).toContain("one.txt_copy.txt");
    expect(out).toContain("one.md_copy.txt");
  });

  test("someone else's file where an output belongs is never touched", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    await space.file("in/b.txt", "b");
    await space.file("out/a_copy.txt", "mine, not yours");
    const result = await kc(space, ["run", "in", "--out", "out", ...copy, "--json"]);
    expect(result.code).toBe(1);
    expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("mine, not yours");
    const { steps } = (
      await kc(space, ["show", "last", "--json", "--state", "failed"])
    ).json<Shown>();
    expect(steps[0]).toMatchObject({ item: "a.txt", error: { code: "commit_conflict" } });
    expect(readFileSync(space.at("out", "b_copy.txt"), "utf8")).toBe("B");
  });

  test("an output of ours that was edited by hand is not overwritten", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    await kc(space, ["run", "in", "--out", "out", ...copy]);
    writeFileSync(space.at("out", "a_copy.txt"), "edited by hand");
    const again = await kc(space, ["restart", "last", "--yes", "--json"]);
    expect(again.code).toBe(1);
    expect(readFileSync(space.at("out", "a_copy.txt"), "utf8")).toBe("edited by hand");
  });

  test("kc run . twice does not eat its own outputs", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    const first = await kc(space, ["run", ".", ...copy, "--json"], { cwd: space.at("in") });
    const second = await kc(space, ["run", ".", ...copy, "--json"], { cwd: space.at("in") });
    expect(first.json<Summary>().items["total"]).toBe(1);
    expect(second.json<Summary>().items["total"]).toBe(1);
    expect(second.code).toBe(0);
  });

  test.skipIf(!existsSync("/dev/shm"))(
    "an output folder on another file system works like any other (needs /dev/shm)",
    async () => {
      await using space = await workspace();
      await space.file("in/a.txt", "a");
      const { mkdtempSync, rmSync } = await import("node:fs");
      const other = mkdtempSync("/dev/shm/kc-test-");
      try {
        const result = await kc(space, ["run", "in", "--out", other, ...copy]);
        expect(result.code).toBe(0);
        expect(readFileSync(join(other, "a_copy.txt"), "utf8")).toBe("A");
      } finally {
        rmSync(other, { recursive: true, force: true });
      }
    },
  );

  test.skipIf(process.getuid?.() === 0)(
    "a folder below the output that cannot be written fails its items and no others (needs a user other than root)",
    async () => {
      await using space = await workspace();
      await space.file("in/closed/a.txt", "a");
      await space.file("in/b.txt", "b");
      mkdirSync(space.at("out", "closed"), { recursive: true });
      chmodSync(space.at("out", "closed"), 0o500);
      const result = await kc(space, ["run", "in", "--out", "out", ...copy, "--json"]);
      expect(result.json<Summary>().items).toMatchObject({ completed: 1, failed: 1 });
    },
  );
});

async function kcUntilRunning(space: Awaited<ReturnType<typeof workspace>>, args: string[]) {
  const { startKc } = await import("../support/kc.ts");
  const { until } = await import("../support/until.ts");
  const child = startKc(space, [...args, "--json"]);
  const reader = child.stdout.getReader();
  let text = "";
  await until("a step runs", async () => {
    const { value, done } = await reader.read();
    if (done) throw new Error(`kc ended early: ${await child.stderr.text()}`);
    text += new TextDecoder().decode(value);
    return text.includes("step:started");
  });
  void reader.cancel();
  return child;
}
