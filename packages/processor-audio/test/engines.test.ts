/** Behaviour of every engine: one suite over all of them, each as it really runs. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { chooseEngine } from "../src/engines/choose-engine.ts";
import { findHttpEngine } from "../src/engines/http.ts";
import { findPocketsphinx } from "../src/engines/pocketsphinx.ts";
import { findWhisperCli } from "../src/engines/whisper-cli.ts";
import { findNativeWhisper } from "../src/engines/whisper-native.ts";
import { findWhisper } from "../src/engines/whisper.ts";
import { audioOptions } from "../src/options.ts";
import { wavBytes } from "../src/pieces/wav-bytes.ts";
import { openEngine } from "./engine-context.ts";
import { babble, pocketsphinx, testFolder } from "./sounds.ts";
import { speechServer } from "./speech-server.ts";
import { writeWhisperModel } from "./whisper-model.ts";

setDefaultTimeout(60_000);
const OURS = join(import.meta.dir, "fixtures/bin");
const realWhisperCli = Bun.which("whisper-cli");
const withOurs = { PATH: `${OURS}:${process.env["PATH"]}` };
const voice = wavBytes(babble(3));
const never = new AbortController().signal;

let folder: Awaited<ReturnType<typeof testFolder>>;
let models: string;
const server = speechServer("good");
beforeAll(async () => {
  folder = await testFolder();
  models = folder.file("models");
  await Bun.write(join(models, "notes.txt"), "");
  await writeWhisperModel(join(models, "ggml-tiny.en.bin"));
  await writeWhisperModel(join(models, "ggml-base.en.bin"), {}, 7);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const ENGINES = [
  {
    label: "http",
    missing: false,
    open: () => openEngine(findHttpEngine, { endpoint: server.endpoint }),
  },
  {
    label: "whisper (needs the native library)",
    missing: findNativeWhisper() === null,
    open: () => openEngine(findWhisper, { model: "tiny.en" }, { KC_MODELS: models }),
  },
  {
    label: "whisper-cli (our stand-in)",
    missing: false,
    open: () =>
      openEngine(findWhisperCli, { model: "tiny.en" }, { KC_MODELS: models, ...withOurs }),
  },
  {
    label: "whisper-cli (needs the real one on the PATH)",
    missing: realWhisperCli === null,
    open: () => openEngine(findWhisperCli, { model: "tiny.en" }, { KC_MODELS: models }),
  },
  {
    label: "pocketsphinx (needs pocketsphinx)",
    missing: !pocketsphinx,
    open: () => openEngine(findPocketsphinx, {}),
  },
] as const;

for (const { label, missing, open } of ENGINES) {
  describe.skipIf(missing)(`engine ${label}`, () => {
    test("makes segments in order, with times and text, the same each time", async () => {
      const { engine } = await open();
      expect(engine.name).toBe(label.split(" ")[0] as typeof engine.name);
      expect(engine.model).not.toBe("");
      expect(engine.parallel).toBeGreaterThanOrEqual(1);
      const { segments } = await engine.transcribe(voice, "the piece at 00:00", never);
      for (const { start, end, text } of segments) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(text).toBeString();
      }
      const starts = segments.map(({ start }) => start);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      const again = await engine.transcribe(voice, "the piece at 00:00", never);
      expect(again.segments).toEqual(segments);
    });

    test("takes a piece of silence, and one of a few samples", async () => {
      const { engine } = await open();
      for (const samples of [16_000, 160]) {
        const heard = await engine.transcribe(wavBytes(new Int16Array(samples)), "silence", never);
        expect(Array.isArray(heard.segments)).toBe(true);
      }
    });

    test("settles after an abort, with its reason", async () => {
      const { engine } = await open();
      const stop = new AbortController();
      const running = engine.transcribe(voice, "the piece", stop.signal).then(
        () => undefined,
        (error: unknown) => error,
      );
      const reason = new Error("cancelled");
      stop.abort(reason);
      expect(await running).toBe(reason);
    });
  });
}

describe("whisper models", () => {
  const native = findNativeWhisper() === null;

  test.skipIf(native)(
    "the next bigger one that is installed is known (needs the native library)",
    async () => {
      const { engine } = await openEngine(findWhisper, { model: "tiny.en" }, { KC_MODELS: models });
      const bigger = await engine.bigger();
      expect(bigger?.model).toBe("base.en");
      expect(await bigger?.bigger()).toBeNull();
    },
  );

  test("a header of impossible numbers is refused before the library would abort", async () => {
    const path = await writeWhisperModel(folder.file("bad.bin"), { numberType: 99 });
    const choice = await findWhisperCli(audioOptions.parse({ model: path }), withOurs);
    expect(choice).toMatchObject({ found: false });
    expect(choice.why).toBe(
      `${path} cannot be used as a model: its header holds impossible numbers: it is damaged`,
    );
  });

  test("a language that whisper does not know is refused: its library would never answer", async () => {
    const options = audioOptions.parse({ model: "tiny.en", language: "tlh" });
    const choice = await findWhisperCli(options, { KC_MODELS: models, ...withOurs });
    expect(choice).toMatchObject({ found: false, why: "whisper does not know the language tlh" });
  });

  test("an English model is not asked for German, and the message names one that can", async () => {
    const options = audioOptions.parse({ model: "base.en", language: "de" });
    const choice = await findWhisperCli(options, { KC_MODELS: models, ...withOurs });
    expect(choice).toMatchObject({ found: false });
    expect(choice.found ? "" : choice.howToGet).toContain("`kc models pull base`");
  });
});

describe("auto", () => {
  const choose = (options: object, env: Record<string, string>) =>
    chooseEngine(audioOptions.parse(options), env);

  test("takes the server that somebody named", async () => {
    const choice = await choose({ endpoint: "http://127.0.0.1:1/v1" }, { KC_MODELS: models });
    expect(choice.why).toBe("`endpoint` is http://127.0.0.1:1/v1");
  });

  test.skipIf(findNativeWhisper() === null)(
    "takes whisper with the best installed model and says why (needs the native library)",
    async () => {
      const choice = await choose({}, { KC_MODELS: models, PATH: "" });
      expect(choice.why).toBe(
        "it is built in and the model base.en is installed, and no transcription server is set",
      );
    },
  );
});

describe("whisper-cli", () => {
  const run = async (fault: string, signal = never) => {
    const model = folder.file(`models/ggml-fault-${fault}.bin`);
    await writeWhisperModel(model);
    const { engine } = await openEngine(findWhisperCli, { model }, withOurs);
    return await engine.transcribe(voice, "the piece at 01:30", signal).then(
      (heard) => ({ heard, message: "" }),
      (error: Error) => ({ heard: undefined, message: error.message }),
    );
  };

  test("without a result file failed, whatever its exit code says", async () => {
    expect((await run("unread")).message).toBe(
      "whisper-cli failed on the piece at 01:30 (exit code 0 without a result): error: failed to read audio file",
    );
  });

  test("with a result is right, whatever its exit code says; half letters are dropped", async () => {
    expect((await run("letter")).heard?.segments).toEqual([{ start: 0, end: 3, text: " caf X" }]);
  });

  test("with half a result failed", async () => {
    expect((await run("torn")).message).toContain("with a result that cannot be read");
  });

  test("that aborts is named with its signal and last words", async () => {
    expect((await run("abort")).message).toBe(
      "whisper-cli failed on the piece at 01:30 (ended by SIGABRT): GGML_ASSERT(a->ne[0] == b->ne[0]) failed",
    );
  });

  test("that hangs ends with the step", async () => {
    expect((await run("hang", AbortSignal.timeout(200))).message).toContain("timed out");
  });

  test("samples of the real one are read", async () => {
    const { readWhisperJson } = await import("../src/engines/whisper-cli-output.ts");
    const sample = await Bun.file(join(import.meta.dir, "fixtures/whisper-cli-full.json")).bytes();
    expect(readWhisperJson(sample)).toEqual({
      language: "en",
      segments: [{ start: 0.8, end: 18.96, text: " word15379" }],
    });
  });
});

test.skipIf(!pocketsphinx)(
  "pocketsphinx is found through a link to it, with its model (needs pocketsphinx)",
  async () => {
    const bin = folder.file("linked-bin");
    await mkdir(bin);
    const real = Bun.which("pocketsphinx_continuous") ?? "";
    await symlink(real, join(bin, "pocketsphinx_continuous"));
    const choice = await findPocketsphinx(audioOptions.parse({}), { PATH: bin });
    expect(choice).toMatchObject({ found: true });
  },
);
