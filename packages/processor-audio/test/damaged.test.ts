/** Behaviour on recordings that are cut off, random, empty or something else: as much as there is, and clear words. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import audio from "../src/index.ts";
import { wavBytes } from "../src/pieces/wav-bytes.ts";
import { pointOutward } from "./outward-mov.ts";
import { DECODERS, ffmpeg, run as runTool, testFolder, writeBabble } from "./sounds.ts";
import { speechServer } from "./speech-server.ts";

const WELCOME = join(import.meta.dir, "../../../examples/recordings/welcome.mp3");

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe("a damaged recording", () => {
  for (const { choice, label, missing } of DECODERS) {
    test.skipIf(missing)(
      `that is cut off is transcribed as far as it goes (${label})`,
      async () => {
        const whole = await Bun.file(WELCOME).bytes();
        await Bun.write(folder.file("cut.mp3"), whole.subarray(0, whole.length / 2));
        await using run = await transcribe(folder.file("cut.mp3"), choice);
        const warning = "The recording is damaged: only 00:05 of its 00:11 could be read.";
        expect(run.error).toBeUndefined();
        expect(await run.outputs[0]?.text()).toContain(`\nwarning: "${warning}"\n`);
        expect(run.logs.filter((line) => line.level === "warn")[0]?.message).toStartWith(
          `"cut.mp3": ${warning}`,
        );
        expect(run.meta["durationSeconds"]).toBeWithin(5, 6);
      },
    );

    test.skipIf(missing)(`of random bytes fails for good, by name (${label})`, async () => {
      const noise = new Uint8Array(20_000).map(
        (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 255,
      );
      await Bun.write(folder.file("noise.mp3"), noise);
      await using run = await transcribe(folder.file("noise.mp3"), choice);
      expect(run.error).toMatchObject({ name: "PermanentError", code: "not_a_recording" });
      expect(run.error?.message).toStartWith(`"noise.mp3" cannot be read as a recording: `);
    });

    test.skipIf(missing)(`of no bytes, or without samples, fails for good (${label})`, async () => {
      await Bun.write(folder.file("empty.wav"), "");
      await using empty = await transcribe(folder.file("empty.wav"), choice);
      expect(empty.error?.message).toBe(`"empty.wav" is empty (0 bytes)`);
      await Bun.write(folder.file("header.wav"), wavBytes(new Int16Array(0)));
      await using header = await transcribe(folder.file("header.wav"), choice);
      expect(header.error?.name).toBe("PermanentError");
      expect(header.error?.message).toStartWith(`"header.wav" c`);
    });
  }

  test
    .skipIf(!ffmpeg)
    .each([
      "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile:SECRET\n#EXT-X-ENDLIST\n",
      "ffconcat version 1.0\nfile SECRET\n",
    ])(
    "that is a playlist cannot make ffmpeg read other files (%#) (needs ffmpeg)",
    async (playlist) => {
      await writeBabble(folder.file("secret.wav"), 3);
      await Bun.write(
        folder.file("evil.mp3"),
        playlist.replace("SECRET", folder.file("secret.wav")),
      );
      await using run = await transcribe(folder.file("evil.mp3"), "ffmpeg");
      expect(run.error?.message).toContain("it is a playlist or another kind of file");
    },
  );

  test.skipIf(!ffmpeg)(
    "whose sound lies in another file gives nothing of that file (needs ffmpeg)",
    async () => {
      const secret = await writeBabble(folder.file("secret.wav"), 3);
      const whole = folder.file("whole.mov");
      await runTool("ffmpeg", "-v", "error", "-y", "-i", secret, "-c:a", "pcm_s16le", whole);
      const outward = pointOutward(await Bun.file(whole).bytes(), "secret.wav");
      await Bun.write(folder.file("outward.mov"), outward);
      await using run = await transcribe(folder.file("outward.mov"), "ffmpeg");
      expect(run.error).toMatchObject({ name: "PermanentError", code: "no_sound" });
    },
  );

  test.skipIf(!ffmpeg)("without a sound track says so (needs ffmpeg)", async () => {
    const path = folder.file("silent-film.mp4");
    await runTool("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "color=s=16x16:d=1", path);
    await using run = await transcribe(path, "ffmpeg");
    expect(run.error?.message).toContain("it has no sound track");
  });
});

/** With a server that answers everything, so that only decoding can fail. */
async function transcribe(source: string, decoder: "ffmpeg" | "wasm") {
  await using server = speechServer("good");
  const options = { endpoint: server.endpoint, decoder };
  return await runProcessor(audio, { source, options });
}
