/** What is known to crash, hang or eat memory in the engines of the audio processor: the batch goes on, and the dossier names the cause. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
// @boundaries-ignore recordings are made as in the tests of the processor
import { writeBabble } from "../../packages/processor-audio/test/sounds.ts";
// @boundaries-ignore models are made as in the tests of the processor
import { writeWhisperModel } from "../../packages/processor-audio/test/whisper-model.ts";
// @boundaries-ignore whether the engine can be had here is its own answer
import { findNativeWhisper } from "../../packages/processor-audio/src/engines/whisper-native.ts";
import { ended, kc, repository, startKc, type Shown, type Summary } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const withoutNative = findNativeWhisper() === null;
const standIns = join(repository, "packages/processor-audio/test/fixtures/bin");
const standInPath = { PATH: `${standIns}:${process.env["PATH"]}` };

describe("an engine that dies", () => {
  test.skipIf(withoutNative)(
    "by SIGABRT inside the library costs its recording, and the dossier names the signal (needs the native whisper library)",
    async () => {
      await using space = await workspace();
      await batch(space, { max_attempts: 1 });
      await writeWhisperModel(space.at("home/models/ggml-tiny.en.bin"), { audioHeads: 3 });
      const { recording } = await run(space, { engine: "whisper" });
      expect(recording.state).toBe("quarantined");
      expect(recording.dossier?.crash).toMatchObject({ reason: "signal", signal: "SIGABRT" });
    },
    60_000,
  );

  test.skipIf(withoutNative)(
    "by SIGKILL while it works is started again and ends as if nothing had been (needs the native whisper library)",
    async () => {
      await using space = await workspace();
      await batch(space, {});
      await writeWhisperModel(space.at("home/models/ggml-tiny.en.bin"));
      const child = startKc(space, command({ engine: "whisper" }));
      const worker = await until("whisper works", () => libraryUser(child.pid), 30_000);
      process.kill(worker, "SIGKILL");
      const result = await ended(child);
      expect(result.json<Summary>()).toMatchObject({ items: { completed: 2 }, crashes: 1 });
    },
    60_000,
  );

  test("as a child, by an assertion, is an error that names signal and last words", async () => {
    await using space = await workspace();
    await batch(space, { max_attempts: 1 });
    await writeWhisperModel(space.at("fault-abort.bin"));
    const model = space.at("fault-abort.bin");
    const { recording } = await run(space, { engine: "whisper-cli", model }, standInPath);
    expect(recording.state).toBe("failed");
    expect(recording.error?.message).toContain("ended by SIGABRT): GGML_ASSERT");
  }, 60_000);
});

describe("an engine that never answers", () => {
  test("with a live worker is ended by the watchdog, and the dossier says that nothing moved", async () => {
    await using space = await workspace();
    // Long enough for the note's own step on a busy machine.
    await batch(space, { max_attempts: 1, progress_timeout_seconds: 8 });
    await writeWhisperModel(space.at("fault-hang.bin"));
    const model = space.at("fault-hang.bin");
    const { recording } = await run(space, { engine: "whisper-cli", model }, standInPath);
    expect(recording.state).toMatch(/failed|quarantined/);
    expect(recording.error).toMatchObject({ code: "step_timeout" });
  }, 60_000);
});

describe("an engine that eats memory", () => {
  test.skipIf(withoutNative)(
    "is ended at its limit, and the dossier says so (needs the native whisper library)",
    async () => {
      await using space = await workspace();
      await batch(
        space,
        { max_attempts: 1 },
        "resource_limits:\n  max_memory_per_process_gb: 0.7\n",
      );
      // A vocabulary whose first word says it has 2 GiB.
      await writeWhisperModel(space.at("home/models/ggml-tiny.en.bin"), { wordBytes: 2 ** 31 - 1 });
      const { recording } = await run(space, { engine: "whisper" });
      expect(recording.state).toBe("quarantined");
      expect(recording.error?.code).toBe("memory_limit");
      expect(recording.dossier?.crash.reason).toBe("memory");
    },
    90_000,
  );
});

/** A recording and a note. */
async function batch(
  space: Workspace,
  isolation: Record<string, number>,
  more = "",
): Promise<void> {
  await space.file("in/note.md", "# Owls\n\nOwls hunt at night. They are silent when they fly.\n");
  await writeBabble(await space.file("in/talk.wav", ""), 8);
  await space.file("home/models/.keep", "");
  const lines = Object.entries(isolation).map(([key, value]) => `  ${key}: ${value}\n`);
  await space.file("kc.yaml", `process_isolation:\n  workers: 1\n${lines.join("")}${more}`);
}

function command(options: Record<string, string>): string[] {
  const set = Object.entries(options).flatMap(([key, value]) => ["--set", `audio.${key}=${value}`]);
  const pipeline = ["--pipeline", "audio,summarize", "--set", "audio.decoder=wasm"];
  return ["run", "in", "--out", "out", "--config", "kc.yaml", "--json", ...pipeline, ...set];
}

/** Runs the batch: the note must complete whatever becomes of the recording, which is returned. */
async function run(
  space: Workspace,
  options: Record<string, string>,
  env: Record<string, string> = {},
) {
  const result = await kc(space, command(options), { env });
  expect(result.code).toBe(1);
  const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
  expect(steps.find(({ item }) => item === "note.md")?.state).toBe("completed");
  const recording = steps.find(({ item }) => item === "talk.wav");
  if (recording === undefined) throw new Error("the recording has no step");
  return { recording };
}

/** The worker of that supervisor that has the library loaded. */
function libraryUser(supervisor: number): number | undefined {
  for (const pid of new Bun.Glob("[0-9]*").scanSync({ cwd: "/proc", onlyFiles: false })) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      if (!environment.includes(`KC_SUPERVISOR=${supervisor}:`)) continue;
      if (readFileSync(`/proc/${pid}/maps`, "utf8").includes("node-whisper")) return Number(pid);
    } catch {
      // Gone, or not ours to look at.
    }
  }
  return undefined;
}
