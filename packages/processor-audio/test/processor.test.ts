/** Behaviour of the whole processor through the SDK's harness: real recordings in, transcripts out. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import { parse } from "yaml";
import { join } from "node:path";
import audio from "../src/index.ts";
import { wavBytes } from "../src/pieces/wav-bytes.ts";
import {
  ffmpeg,
  flite,
  NO_TOOLS,
  pocketsphinx,
  speak,
  testFolder,
  wordOverlap,
  writeBabble,
} from "./sounds.ts";
import { findNativeWhisper } from "../src/engines/whisper-native.ts";
import { speechServer } from "./speech-server.ts";

const WELCOME = join(import.meta.dir, "../../../examples/recordings/welcome.mp3");
const WELCOME_TEXT =
  "Nobody wants to start again from the beginning. That is why the supervisor was made. When one worker dies, another takes its place, and the work goes on from the last finished step.";

const nativeWhisper = findNativeWhisper();
// Speech engines take seconds, on a busy machine more.
setDefaultTimeout(60_000);

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe("a recording", () => {
  test.skipIf(!pocketsphinx || !ffmpeg)(
    "becomes a transcript and segments (needs pocketsphinx and ffmpeg)",
    async () => {
      await using run = await runProcessor(audio, {
        source: WELCOME,
        relativePath: "talks/welcome.mp3",
      });
      expect(run.error).toBeUndefined();
      const [transcript, segments] = run.outputs;
      expect(transcript).toMatchObject({ role: "transcript", fileName: "welcome_transcript.md" });
      expect(segments).toMatchObject({ role: "segments", fileName: "welcome_segments.json" });

      const text = (await transcript?.text()) ?? "";
      expect(wordOverlap(WELCOME_TEXT, text)).toBeGreaterThan(0.75);
      expect(parse(text.split("---\n")[1] ?? "", { version: "1.1" })).toMatchObject({
        title: "welcome",
        source_file: "talks/welcome.mp3",
        transcription_date: "2025-01-02T03:04:05.000Z",
        duration: "00:11",
        transcription_engine: "pocketsphinx",
        transcription_model: "en-us",
        language: "en",
      });
      expect(run.meta).toMatchObject({
        engine: "pocketsphinx",
        language: "en",
        durationSeconds: 11.24,
      });
      expect(run.logs[0]?.message).toMatch(
        /^transcribing with pocketsphinx, model en-us, because .*pocketsphinx_continuous is installed, and no transcription server is set; whisper: no whisper model is installed;/,
      );
      expect(run.progress.at(-1)?.message).toBe("00:11 of 00:11");
    },
  );

  test.skipIf(!pocketsphinx || !flite)(
    "is read by the built-in decoder as well, two pieces at a time (needs pocketsphinx and flite)",
    async () => {
      const source = await speak(WELCOME_TEXT, folder.file("spoken.wav"));
      const options = { decoder: "wasm", pieceSeconds: 6, threads: 2, format: "txt" } as const;
      await using run = await runProcessor(audio, { source, options });
      const text = (await run.outputs[0]?.text()) ?? "";
      expect(run.outputs[0]?.fileName).toBe("spoken_transcript.txt");
      expect(wordOverlap(WELCOME_TEXT, text)).toBeGreaterThan(0.7);
      expect(run.checkpoint?.parts.length).toBeGreaterThan(1);
    },
  );

  test("goes to the server that was named, in pieces, with times of the whole recording", async () => {
    await using server = speechServer("good");
    const source = await writeBabble(folder.file("talk.wav"), 65);
    const options = { endpoint: server.endpoint, decoder: "wasm" } as const;
    await using run = await runProcessor(audio, { source, options });
    expect(run.error).toBeUndefined();
    expect(server.seen.length).toBeGreaterThanOrEqual(3);
    const { segments, language } = JSON.parse((await run.outputs[1]?.text()) ?? "{}");
    expect(language).toBe("en");
    const times = segments.flatMap((each: { start: number; end: number }) => [
      each.start,
      each.end,
    ]);
    expect(times).toEqual(times.toSorted((a: number, b: number) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(65);
    const fractions = run.progress.map((each) => each.fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  test("without a voice gives an empty transcript that says so", async () => {
    await Bun.write(folder.file("silence.wav"), wavBytes(new Int16Array(160_000)));
    await using server = speechServer("good");
    const options = { endpoint: server.endpoint, decoder: "wasm" } as const;
    await using run = await runProcessor(audio, { source: folder.file("silence.wav"), options });
    expect(await run.outputs[0]?.text()).toContain("\nwarning: No voice was heard in it.\n---\n");
    expect(run.meta).toMatchObject({
      words: 0,
      segments: 0,
      durationSeconds: 10,
      language: "auto",
    });
    expect(server.seen).toEqual([]);
  });
});

describe("after a crash", () => {
  test("the step goes on with the next piece, and the outputs are the same bytes", async () => {
    await using server = speechServer("good");
    const source = await writeBabble(folder.file("resumed.wav"), 65);
    const options = { endpoint: server.endpoint, decoder: "wasm" } as const;
    await using whole = await runProcessor(audio, { source, options });
    const pieces = server.seen.length;

    await using crashed = await runProcessor(audio, { source, options, stopAfterCheckpoints: 2 });
    expect(crashed.ok).toBe(false);
    const before = server.seen.length;
    await using resumed = await runProcessor(audio, {
      source,
      options,
      checkpoint: crashed.checkpoint,
    });
    expect(server.seen.length - before).toBe(pieces - 2);
    expect(await texts(resumed)).toEqual(await texts(whole));
    expect(resumed.meta).toEqual(whole.meta);
  });

  test("pieces of another engine or model are not mixed in", async () => {
    await using server = speechServer("good");
    const source = await writeBabble(folder.file("mixed.wav"), 20);
    const base = { endpoint: server.endpoint, decoder: "wasm" } as const;
    await using first = await runProcessor(audio, { source, options: { ...base, model: "tiny" } });
    const { checkpoint } = first;
    await using second = await runProcessor(audio, {
      source,
      options: { ...base, model: "small" },
      checkpoint,
    });
    expect(second.ok).toBe(true);
    expect(server.seen.map((each) => each.fields["model"])).toEqual(["tiny", "small"]);
  });
});

describe("on a machine that lacks something", () => {
  test.skipIf(!nativeWhisper)(
    "without an engine it fails at once with two ways to get one (needs the native library)",
    async () => {
      const source = await writeBabble(folder.file("waiting.wav"), 3);
      await using run = await runProcessor(audio, { source, env: NO_TOOLS });
      expect(run.error).toMatchObject({ name: "RequirementError", what: "a speech engine" });
      expect(run.error?.message).toBe(
        "needs a speech engine: no transcription server is set; whisper: no whisper model is installed; whisper-cli: whisper-cli is not on the PATH; pocketsphinx: pocketsphinx_continuous is not on the PATH; get a whisper model with `kc models pull base` (148 MB), or install one with `apt-get install pocketsphinx pocketsphinx-en-us` (Debian, Ubuntu; English only)",
      );
    },
  );

  test("the requirements say the same before a job starts", async () => {
    const options = audio.options.parse({});
    const [engine, decoder] = (await audio.requirements?.(options, { env: NO_TOOLS })) ?? [];
    expect(engine).toMatchObject({ name: "a speech engine", met: false });
    expect(engine?.howToGet).toContain("apt-get install pocketsphinx");
    expect(decoder).toMatchObject({ met: false, required: false });
    expect(decoder?.detail).toBe(
      "ffmpeg is not on the PATH: only wav, mp3, flac and ogg can be read",
    );
  });

  test("the requirements name what was found", async () => {
    const options = audio.options.parse({ endpoint: "http://127.0.0.1:1/v1", decoder: "wasm" });
    const found = (await audio.requirements?.(options, { env: {} })) ?? [];
    expect(found.map((each) => [each.met, each.detail])).toEqual([
      [true, "`endpoint` is http://127.0.0.1:1/v1"],
      [true, "the built-in ones, for wav, mp3, flac and ogg"],
    ]);
  });

  test.skipIf(!pocketsphinx)(
    "pocketsphinx is not asked for German (needs pocketsphinx)",
    async () => {
      const options = audio.options.parse({ language: "de" });
      const [engine] = (await audio.requirements?.(options, { env: {} })) ?? [];
      expect(engine).toMatchObject({ met: false });
      expect(engine?.detail).toContain("only understands English");
    },
  );
});

test("importing the processor loads nothing heavy", async () => {
  const module = join(import.meta.dir, "../src/index.ts");
  const script = `await import(${JSON.stringify(module)}); console.log(Object.keys(require.cache).join("\\n"))`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  const loaded = await new Response(child.stdout).text();
  expect(loaded).toContain("processor-audio/src/options.ts");
  expect(loaded).not.toMatch(/music-metadata|mpg123|fvad|yaml|transcribe-recording/);
});

async function texts(run: Awaited<ReturnType<typeof runProcessor>>): Promise<string[]> {
  return await Promise.all(run.outputs.map((output) => output.text()));
}
