/** `kc doctor`: tells what is wrong also where nothing else works, and what leaves the machine has no secrets. */
import { describe, expect, test } from "bun:test";
// @boundaries-ignore the entry of core, as programs use it
import { diagnosticsText, generateDiagnosticsReport } from "../../packages/core/src/index.ts";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { fixture, kc, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

interface Report {
  counts: { ok: number; warning: number; problem: number };
  findings: { area: string; name: string; level: string; text: string; fix: string | null }[];
  crashes: { item: string; stage: string }[];
  settings: unknown[];
}

async function report(space: Workspace, args: string[] = [], env: Record<string, string> = {}) {
  const result = await kc(space, ["doctor", "--json", ...args], { env });
  const found = result.json<Report>();
  const of = (area: string, name: string) =>
    found.findings.filter((one) => one.area === area && one.name === name);
  return { code: result.code, found, of };
}

describe("a diagnosis", () => {
  test("of a sound home names what is there and changes nothing", async () => {
    await using space = await workspace();
    const { code, found, of } = await report(space);
    expect(found.counts.problem).toBe(0);
    expect(code).toBe(0);
    expect(of("machine", "Bun")[0]).toMatchObject({ level: "ok", text: Bun.version });
    for (const name of ["audio", "summarize", "moc"])
      expect(of("processors", name)[0]).toMatchObject({ level: "ok" });
    expect(of("ledger", "ledger")[0]?.text).toContain("none yet");
    expect(found.settings.length).toBeGreaterThan(40);
    expect(await readdir(space.path)).not.toContain("home");
    const text = await kc(space, ["doctor"]);
    expect(text.stdout).toContain("0 problems");
  });

  test("tells of a damaged ledger, with what happens next", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "text");
    await kc(space, ["run", "in", "--out", "out", "--pipeline", fixture("copy")]);
    const ledger = space.at("home/ledger.db");
    const bytes = await readFile(ledger);
    await writeFile(ledger, bytes.fill(0x5a, 0, 4_096));
    const { code, of } = await report(space);
    expect(code).toBe(1);
    expect(of("ledger", "integrity")[0]).toMatchObject({ level: "problem" });
    expect(of("ledger", "integrity")[0]?.fix).toContain("restores the newest backup");
    expect(of("processors", "moc")[0]?.level).toBe("ok");
  });

  test("tells of wrong settings with file, line and column, and looks at the rest all the same", async () => {
    await using space = await workspace();
    const config = await space.file("c.yaml", "process_isolation:\n  workers: many\n");
    const { code, of } = await report(space, ["--config", config]);
    expect(code).toBe(1);
    expect(of("configuration", "settings")[0]?.text).toContain(
      `${config}:2:3: process_isolation.workers`,
    );
    expect(of("processors", "summarize")[0]?.level).toBe("ok");
    const missing = await report(space, ["--config", space.at("no.yaml")]);
    expect(missing.code).toBe(1);
    expect(missing.of("configuration", "settings")[0]?.text).toContain("does not exist");
  });

  test("works while another process holds the home, and names it", async () => {
    await using space = await workspace();
    const server = startKc(space, ["serve"]);
    try {
      await until(
        "it holds the home",
        async () => (await readFile(space.at("home/holder.json"), "utf8").catch(() => "")) !== "",
      );
      const { code, of } = await report(space);
      expect(code).toBe(0);
      expect(of("home", "lock")[0]?.text).toContain(`process ${server.pid} holds the home`);
      expect(server.exitCode).toBeNull();
    } finally {
      server.kill("SIGTERM");
      await server.exited;
    }
  });

  test("warns of a home that others can look into, and a file in a folder's place is a problem", async () => {
    await using space = await workspace();
    await space.file("home/logs/knowledge_system.log", "");
    await chmod(space.home, 0o755);
    const { of } = await report(space);
    expect(of("folders", "home")).toContainEqual(
      expect.objectContaining({ level: "warning", fix: `chmod 700 '${space.home}'` }),
    );
    const file = await space.file("file", "");
    const bad = await report(space, [], { TMPDIR: file });
    expect(bad.code).toBe(1);
    expect(bad.of("folders", "temp folder")[0]?.level).toBe("problem");
  });

  test("is there for programs too", async () => {
    await using space = await workspace();
    const found = await generateDiagnosticsReport({
      home: space.home,
      env: { HOME: space.at("user") },
      cwd: space.path,
    });
    expect(diagnosticsText(found)).toContain("✓ Bun");
  });
});

describe("the bundle", () => {
  test("holds report, settings, crashes and logs, without secrets and user names", async () => {
    await using space = await workspace();
    await space.file("user/in/a.txt", "text");
    const env = { SPEECH_API_KEY: "s3cr3t-of-mine", HOME: space.at("user") };
    const config = await space.file(
      "user/c.yaml",
      "process_isolation:\n  max_attempts: 1\naudio:\n  api_key: plain-key-123\n",
    );
    await kc(
      space,
      ["run", "user/in", "--out", "out", "--pipeline", fixture("kill-self"), "--config", config],
      { env },
    );
    const log = space.at("home/logs/knowledge_system.log");
    const lines = [
      {
        level: 50,
        time: new Date().toISOString(),
        msg: "no answer from https://me:pass99@box/v1 with Bearer abcdef123456",
      },
      {
        level: 50,
        time: new Date().toISOString(),
        msg: "s3cr3t-of-mine in /home/anna/talks/x.mp3 and /Users/anna/y",
      },
    ];
    await writeFile(log, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`, {
      flag: "a",
    });
    const file = space.at("b.tar.gz");
    const { stderr } = await kc(space, ["doctor", "--bundle", file, "--config", config], { env });
    expect(stderr).toContain("crashes.json");
    expect(stderr).toContain("Left out: inputs, outputs");

    const files = await new Bun.Archive(await Bun.file(file).bytes()).files();
    const names = [...files.keys()].map((name) => name.replace("kc-diagnostics/", "")).toSorted();
    expect(names).toEqual([
      "README.txt",
      "crashes.json",
      "knowledge_system.log",
      "report.json",
      "report.txt",
      "serve.log",
      "settings.json",
    ]);
    const all = (await Promise.all([...files.values()].map((one) => one.text()))).join("\n");
    for (const secret of [
      "s3cr3t-of-mine",
      "plain-key-123",
      "pass99",
      "abcdef123456",
      "anna",
      space.at("user"),
    ])
      expect(all).not.toContain(secret);
    expect(all).toContain("/home/(user)/talks/x.mp3");
    expect(await files.get("kc-diagnostics/report.txt")?.text()).toContain("Bun");
    const again = await kc(space, ["doctor", "--bundle", file], { env });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("exists");
  });
});
