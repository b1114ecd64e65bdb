/** Behaviour of the second try: which texts look wrong, in any script, and what is done about them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import { parse } from "yaml";
import audio from "../src/index.ts";
import { findFaults } from "../src/quality.ts";
import { testFolder, writeBabble } from "./sounds.ts";
import { writeWhisperModel } from "./whisper-model.ts";

const faults = (text: string, seconds: number) =>
  findFaults([{ start: 0, end: seconds, text }], seconds);

describe("a text looks wrong", () => {
  test("when it says next to nothing for the speech that was heard", () => {
    expect(faults("", 20)).toEqual(["it has 0 words for 20 s of speech"]);
    expect(faults("Thank you.", 20)).toEqual(["it has 2 words for 20 s of speech"]);
    expect(faults("Yes.", 1)).toEqual([]);
  });

  test("when nobody could speak so slowly or so fast", () => {
    const numbered = (count: number) =>
      Array.from({ length: count }, (_, i) => `word${i}`).join(" ");
    expect(faults(numbered(4), 120)).toEqual(["it has 2 words a minute of speech"]);
    expect(faults(numbered(700), 60)).toEqual(["it has 700 words a minute of speech"]);
    expect(faults(numbered(150), 60)).toEqual([]);
  });

  test("when it repeats itself", () => {
    expect(faults("and then you you you You you went", 5)).toContain(
      'it says "you" 5 times in a row',
    );
    const half = Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? `other${i}` : "la")).join(" ");
    expect(faults(half, 10)).toEqual(['"la" is 67 % of its words']);
  });

  test("but not for being written without spaces, or in another script", () => {
    expect(faults("私は昨日友達と一緒に新しい映画を見に行きました", 8)).toEqual([]);
    expect(faults("วันนี้อากาศดีมากเราไปเดินเล่นกันเถอะ", 8)).toEqual([]);
    expect(faults("Ὁ ἀνὴρ ἦλθεν εἰς τὴν πόλιν", 6)).toEqual([]);
  });
});

describe("a text that looks wrong", () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let env: Record<string, string>;
  let source: string;
  beforeAll(async () => {
    folder = await testFolder();
    const models = folder.file("models");
    await Bun.write(join(models, "x"), "");
    await writeWhisperModel(join(models, "ggml-tiny.bin"));
    await writeWhisperModel(join(models, "ggml-small.bin"));
    const bin = join(import.meta.dir, "fixtures/bin");
    env = { KC_MODELS: models, PATH: `${bin}:${process.env["PATH"]}` };
    source = await writeBabble(folder.file("talk.wav"), 20);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const transcribe = async (options: object) => {
    const base = { engine: "whisper-cli", model: "tiny", decoder: "wasm" } as const;
    await using run = await runProcessor(audio, { source, env, options: { ...base, ...options } });
    const [, yaml = ""] = ((await run.outputs[0]?.text()) ?? "").split("---\n");
    return { front: parse(yaml, { version: "1.1" }), run, checkpoint: run.checkpoint };
  };

  test("is transcribed again with the next bigger installed model, and the front matter says so", async () => {
    const { front, run } = await transcribe({});
    expect(front).toMatchObject({ transcription_model: "small" });
    expect(front.quality_retries).toEqual([
      'The text of tiny looked wrong: it says "you" 6 times in a row. Tried small, kept the text of small.',
    ]);
    expect(front.warning).toBeUndefined();
    expect(run.progress.map(({ message }) => message)).toContain("again with small");
  });

  test("is kept with a warning where retries are off, or no bigger model is there", async () => {
    const { front } = await transcribe({ quality_retry: false });
    expect(front).toMatchObject({
      transcription_model: "tiny",
      warning: 'The text may be wrong: it says "you" 6 times in a row.',
    });
    expect((await transcribe({ max_retries: 0 })).front.transcription_model).toBe("tiny");
  });

  test("costs no piece twice when the step dies during the second try", async () => {
    const options = {
      engine: "whisper-cli",
      model: "tiny",
      decoder: "wasm",
      pieceSeconds: 8,
    } as const;
    await using whole = await runProcessor(audio, { source, env, options });
    const parts = whole.checkpoint?.parts.length ?? 0;
    const stopAfterCheckpoints = parts - 1;
    await using died = await runProcessor(audio, { source, env, options, stopAfterCheckpoints });
    const { checkpoint } = died;
    await using resumed = await runProcessor(audio, { source, env, options, checkpoint });
    expect(resumed.checkpoint?.parts.length).toBe(parts);
    expect(await resumed.outputs[0]?.text()).toBe((await whole.outputs[0]?.text()) ?? "");
  });
});

test("several formats make a file each, and the first is what later stages read", async () => {
  await using folder = await testFolder();
  const models = folder.file("models/ggml-base.bin");
  await Bun.write(models, "");
  await writeWhisperModel(models);
  const source = await writeBabble(folder.file("talk.wav"), 6);
  const bin = join(import.meta.dir, "fixtures/bin");
  const env = { KC_MODELS: folder.file("models"), PATH: `${bin}:${process.env["PATH"]}` };
  const options = { engine: "whisper-cli", decoder: "wasm", format: "srt,md,json" } as const;
  await using run = await runProcessor(audio, { source, env, options });
  expect(run.outputs.map(({ role, fileName }) => `${role} ${fileName}`).sort()).toEqual([
    "export talk_transcript.json",
    "export talk_transcript.md",
    "segments talk_segments.json",
    "transcript talk_transcript.srt",
  ]);
});
