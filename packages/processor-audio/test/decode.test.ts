/** Behaviour of the decoders: the same samples from every one of them, and honest words about damage. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { builtInFormat, chooseDecoder } from "../src/decode/choose-decoder.ts";
import { expectedLength } from "../src/decode/expected-length.ts";
import { oggFile } from "../src/decode/ogg-file.ts";
import { oggPackets } from "../src/decode/ogg-packets.ts";
import { readWavHeader } from "../src/decode/wav-header.ts";
import { wavBytes } from "../src/pieces/wav-bytes.ts";
import {
  babble,
  collect,
  convert,
  ffmpeg,
  likeness,
  NO_TOOLS,
  run,
  testFolder,
  writeBabble,
} from "./sounds.ts";

const signal = new AbortController().signal;
let folder: Awaited<ReturnType<typeof testFolder>>;
let speech: string;
beforeAll(async () => {
  folder = await testFolder();
  speech = await writeBabble(folder.file("speech.wav"), 6);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function decode(path: string, decoder: "ffmpeg" | "wasm", env: Record<string, string> = {}) {
  const recording = { path, name: path, mimeType: "application/octet-stream" };
  const audio = (await chooseDecoder(recording, decoder, env)).open(path, signal);
  return { samples: await collect(audio.samples), damage: audio.damage };
}

describe("the built-in decoders", () => {
  test.skipIf(!ffmpeg).each([
    ["mp3", ["-ar", "44100", "-ac", "2", "-b:a", "96k"]],
    ["flac", ["-ar", "48000"]],
    ["flac", ["-ar", "44100", "-ac", "2", "-sample_fmt", "s32", "-bits_per_raw_sample", "24"]],
    ["opus", []],
    ["ogg", ["-ar", "22050", "-ac", "2"]],
    ["wav", ["-ar", "44100", "-c:a", "pcm_s24le"]],
  ] as const)("read %s as ffmpeg does (needs ffmpeg)", async (extension, options) => {
    const path = await convert(speech, folder.file(`same.${extension}`), ...options);
    const ours = await decode(path, "wasm", NO_TOOLS);
    const theirs = await decode(path, "ffmpeg");
    expect(ours.damage.facts).toEqual([]);
    expect(theirs.damage.facts).toEqual([]);
    expect(Math.abs(ours.samples.length - theirs.samples.length)).toBeLessThan(100);
    expect(likeness(ours.samples, theirs.samples)).toBeGreaterThan(0.999);
  });

  test.skipIf(!ffmpeg).each([
    ["ogg", ["-ar", "44100", "-ac", "2"]],
    ["opus", ["-ac", "2"]],
    ["flac", ["-ar", "44100", "-ac", "2"]],
    ["mp3", ["-ar", "44100"]],
  ] as const)(
    "read two minutes of %s to the last sample, without a seam (needs ffmpeg)",
    async (extension, options) => {
      const long = folder.file("long.wav");
      const part = babble(6);
      await Bun.write(
        long,
        wavBytes(
          Int16Array.from({ length: part.length * 20 }, (_, i) => part[i % part.length] ?? 0),
        ),
      );
      const path = await convert(long, folder.file(`long.${extension}`), ...options);
      const ours = await decode(path, "wasm", NO_TOOLS);
      const theirs = await decode(path, "ffmpeg");
      expect(ours.damage.facts).toEqual([]);
      expect(Math.abs(ours.samples.length - theirs.samples.length)).toBeLessThan(100);
      expect(likeness(ours.samples, theirs.samples)).toBeGreaterThan(0.999);
    },
  );

  test.skipIf(!ffmpeg).each(["ogg", "opus", "flac", "mp3"])(
    "come through %s with damaged bytes, and say so (needs ffmpeg to make it)",
    async (extension) => {
      const path = await convert(speech, folder.file(`hit.${extension}`));
      const bytes = await Bun.file(path).bytes();
      for (let i = 1; i < 60; i += 1) {
        bytes[2000 + ((Math.imul(i, 2_654_435_761) >>> 8) % (bytes.length - 2000))] =
          (i * 37) % 256;
      }
      await Bun.write(path, bytes);
      const { samples, damage } = await decode(path, "wasm", NO_TOOLS);
      expect(samples.length).toBeGreaterThan(16_000);
      expect(samples.length).toBeLessThan(10 * 16_000);
      if (extension !== "mp3") expect(damage.facts).not.toEqual([]);
    },
  );

  test
    .skipIf(!ffmpeg)
    .each(["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"])(
    "read wav files of %s (needs ffmpeg to make them)",
    async (codec) => {
      const path = await convert(speech, folder.file(`${codec}.wav`), "-ac", "2", "-c:a", codec);
      const { samples } = await decode(path, "wasm", NO_TOOLS);
      const original = await Bun.file(speech).arrayBuffer();
      expect(samples.length).toBe(6 * 16_000);
      expect(likeness(samples, new Int16Array(original, 44))).toBeGreaterThan(0.99);
    },
  );

  test("read a plain wav file to the last bit", async () => {
    const { samples, damage } = await decode(speech, "wasm", NO_TOOLS);
    expect(samples).toEqual(babble(6));
    expect(damage.facts).toEqual([]);
  });

  test.each([0, 0xffff_ffff])(
    "read on to the end where a wav header says %d bytes",
    async (size) => {
      const bytes = wavBytes(babble(1));
      new DataView(bytes.buffer).setUint32(40, size, true);
      await Bun.write(folder.file("stream.wav"), bytes);
      expect((await decode(folder.file("stream.wav"), "wasm")).samples).toEqual(babble(1));
    },
  );

  test("give silence for float samples that are no numbers", async () => {
    const bytes = wavBytes(new Int16Array(8).fill(-1));
    const view = new DataView(bytes.buffer);
    view.setUint16(20, 3, true);
    view.setUint16(34, 32, true);
    await Bun.write(folder.file("nan.wav"), bytes);
    expect((await decode(folder.file("nan.wav"), "wasm")).samples).toEqual(new Int16Array(4));
  });
});

test.skipIf(!ffmpeg)(
  "of several sound tracks the one marked as default is read (needs ffmpeg)",
  async () => {
    const film = folder.file("two-tracks.mkv");
    const silence = ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=stereo:d=2"];
    const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=2"];
    const tracks = ["-map", "0", "-map", "1", "-c:a", "pcm_s16le"];
    const marks = ["-disposition:a:0", "0", "-disposition:a:1", "default"];
    await run("ffmpeg", "-v", "error", "-y", ...silence, ...tone, ...tracks, ...marks, film);
    const { samples } = await decode(film, "ffmpeg");
    expect(samples.some((sample) => Math.abs(sample) > 1000)).toBe(true);
  },
);

describe("packets in Ogg", () => {
  const packet = fc.uint8Array({ minLength: 1, maxLength: 1200 });

  test("come out as they were put in, however the file arrives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(packet, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 9000 }),
        async (packets, size) => {
          const file = oggFile(packets);
          async function* chunks() {
            for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
          }
          let gaps = 0;
          const found = await Array.fromAsync(oggPackets(chunks(), () => (gaps += 1)));
          expect(found.map(({ data }) => [...data])).toEqual(packets.map((each) => [...each]));
          expect(gaps).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("of garbage are none, and a missing page costs its packets alone", async () => {
    const file = oggFile(Array.from({ length: 600 }, (_, i) => new Uint8Array(300).fill(i % 251)));
    const second = file.indexOf(0x4f, 400);
    async function* chunks() {
      yield crypto.getRandomValues(new Uint8Array(5000)).fill(0, 0, 4);
      yield file.subarray(0, second);
      yield file.subarray(file.lastIndexOf(0x67) - 2);
    }
    let gaps = 0;
    const found = await Array.fromAsync(oggPackets(chunks(), () => (gaps += 1)));
    expect(gaps).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(600);
  });
});

describe("choosing a decoder", () => {
  const named = (name: string) => ({ name, mimeType: "application/octet-stream" });

  test("goes by content, and by name only for mp3", () => {
    const bytes = (text: string) => Buffer.from(text, "latin1");
    expect(builtInFormat(wavBytes(new Int16Array(1)), named("x"))).toBe("wav");
    expect(builtInFormat(bytes("fLaC\0\0"), named("x"))).toBe("flac");
    expect(builtInFormat(bytes(`OggS${"\0".repeat(24)}OpusHead`), named("x"))).toBe("opus");
    expect(builtInFormat(bytes(`OggS${"\0".repeat(24)}\x01vorbis`), named("x"))).toBe("vorbis");
    expect(builtInFormat(bytes("ID3\x04"), named("x"))).toBe("mp3");
    expect(builtInFormat(bytes("\xff\xfb\x90\x00"), named("x"))).toBe("mp3");
    expect(builtInFormat(bytes("anything"), named("talk.MP3"))).toBe("mp3");
    expect(builtInFormat(bytes("\0\0\0\x20ftypM4A "), named("talk.m4a"))).toBeNull();
  });

  test("without ffmpeg, what only ffmpeg reads fails with how to get it", async () => {
    await Bun.write(folder.file("talk.m4a"), "\0\0\0\x20ftypM4A ");
    const choice = chooseDecoder(
      { path: folder.file("talk.m4a"), name: "talk.m4a", mimeType: "audio/mp4" },
      "auto",
      NO_TOOLS,
    );
    await expect(choice).rejects.toThrow(
      /needs ffmpeg: only ffmpeg can read "talk.m4a" \(audio\/mp4\); install it with `apt-get install ffmpeg`/,
    );
  });
});

describe("the expected length", () => {
  test("comes from the header of a wav file, also of one that was cut off", async () => {
    const bytes = (await Bun.file(speech).bytes()).subarray(0, 50_000);
    await Bun.write(folder.file("cut.wav"), bytes);
    const length = await expectedLength(folder.file("cut.wav"), NO_TOOLS, signal);
    expect(length).toEqual({ seconds: 6, exact: true });
  });

  test.skipIf(!ffmpeg)("is no promise for a film (needs ffmpeg to make one)", async () => {
    const film = folder.file("film.mkv");
    await convert(speech, film, "-f", "lavfi", "-i", "color=c=black:s=16x16:r=1:d=9");
    const length = await expectedLength(film, NO_TOOLS, signal);
    expect(length?.exact).toBe(false);
  });

  test("is unknown for garbage", async () => {
    await Bun.write(folder.file("garbage.mp3"), crypto.getRandomValues(new Uint8Array(5000)));
    expect(await expectedLength(folder.file("garbage.mp3"), {}, signal)).toBeNull();
  });
});

test("a wav header with impossible numbers is none", () => {
  const bytes = wavBytes(new Int16Array(10));
  new DataView(bytes.buffer).setUint16(22, 0, true);
  expect(readWavHeader(bytes)).toBeNull();
});
