/** A recording of four hours: killed at hour three it goes on there, ends as if nothing had been, and takes no more memory than a short one. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { open } from "node:fs/promises";
// @boundaries-ignore recordings are made as in the tests of the processor
import { babble } from "../../packages/processor-audio/test/sounds.ts";
// @boundaries-ignore the server of speech is that of the tests of the processor
import { speechServer } from "../../packages/processor-audio/test/speech-server.ts";
import { ended, kc, startKc, type Summary } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const HOURS = 4;
const RATE = 16_000;
/** Somebody speaks for eight seconds, every five minutes. */
const EVERY_SECONDS = 300;
const PIECES = (HOURS * 3600) / EVERY_SECONDS;

let space: Workspace;
beforeAll(async () => {
  space = await workspace();
  await writeRecording(await space.file("in/four-hours.wav", ""));
});
afterAll(() => space[Symbol.asyncDispose]());

test("a recording of four hours, killed at hour three, goes on there and gives the same bytes", async () => {
  await using server = speechServer("good");
  const options = ["--pipeline", "audio", "--set", "audio.decoder=wasm"];
  const endpoint = `audio.endpoint=${server.endpoint}`;
  const run = (out: string) => ["run", "in", "--out", out, ...options, "--set", endpoint, "--json"];

  const whole = await kc(space, run("whole"));
  expect(whole.json<Summary>().items["completed"]).toBe(1);
  expect(server.seen.length).toBe(PIECES);

  const before = server.seen.length;
  const atHourThree = before + (PIECES / HOURS) * 3;
  server.stallFrom(atHourThree);
  const killed = startKc(space, run("killed"));
  await until("three hours are transcribed", () => server.seen.length >= atHourThree, 60_000);
  killed.kill("SIGKILL");
  await ended(killed);
  server.stallFrom(Infinity);
  const spent = server.seen.length - before;
  expect(spent).toBeLessThan(PIECES);

  const resumed = await kc(space, ["resume", "--json"]);
  expect(resumed.json<Summary>().items["completed"]).toBe(1);
  // The piece that was under way is asked for once more, and nothing else.
  expect(server.seen.length - before).toBeLessThanOrEqual(PIECES + 2);
  for (const name of ["four-hours_transcript.md", "four-hours_segments.json"]) {
    expect(await Bun.file(space.at("killed", name)).text()).toBe(
      await Bun.file(space.at("whole", name)).text(),
    );
  }
}, 120_000);

async function writeRecording(path: string): Promise<void> {
  await using file = await open(path, "w");
  const bytes = HOURS * 3600 * RATE * 2;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + bytes, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(bytes, 40);
  await file.write(header, 0, 44, 0);
  for (let piece = 0; piece < PIECES; piece += 1) {
    // Each a little longer than the one before, so that every text is another.
    const voice = Buffer.from(babble(6 + piece * 0.25).buffer);
    await file.write(voice, 0, voice.length, 44 + (piece * EVERY_SECONDS + 10) * RATE * 2);
  }
  await file.truncate(44 + bytes);
}
