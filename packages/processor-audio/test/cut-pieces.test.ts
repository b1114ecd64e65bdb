/** Behaviour of cutting: no voice lost, no piece too long, cuts at pauses, the same in every run. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { PieceCutter, type Piece } from "../src/pieces/cut-pieces.ts";
import { speechPieces } from "../src/pieces/speech-pieces.ts";
import { FRAME_SAMPLES } from "../src/pieces/voice-detector.ts";
import { babble } from "./sounds.ts";

describe("cutting frames into pieces", () => {
  test("every frame of a longer voice is in exactly one piece, and no piece is over the limit", () => {
    const stretch = fc.tuple(fc.integer({ min: 4, max: 1500 }), fc.integer({ min: 0, max: 400 }));
    fc.assert(
      fc.property(
        fc.array(stretch, { maxLength: 6 }),
        fc.integer({ min: 5, max: 30 }),
        (talk, max) => {
          const voiced = talk.flatMap(([voice, pause]) => [
            ...repeat(true, voice),
            ...repeat(false, pause),
          ]);
          const pieces = cutAll(voiced, max);
          const owners = new Array<number>(voiced.length).fill(0);
          for (const { from, samples } of pieces) {
            expect(samples.length / 16_000).toBeLessThanOrEqual(max);
            const first = from / FRAME_SAMPLES;
            for (let i = 0; i < samples.length / FRAME_SAMPLES; i += 1) {
              owners[first + i] = (owners[first + i] ?? 0) + 1;
            }
          }
          voiced.forEach((voice, i) => voice && expect(owners[i]).toBe(1));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a piece that is half full ends at the next pause of half a second", () => {
    const pieces = cutAll([...repeat(true, 600), ...repeat(false, 20), ...repeat(true, 300)], 30);
    expect(pieces.map(times)).toEqual([
      [0, 18.3],
      [18.3, 9.3],
    ]);
  });

  test("short pauses do not end a piece that is less than half full", () => {
    const sentence = [...repeat(true, 100), ...repeat(false, 30)];
    const pieces = cutAll([...sentence, ...sentence, ...sentence], 30);
    expect(pieces.map(times)).toEqual([[0, 11.1]]);
  });

  test("a speaker who never pauses is cut at the longest gap of the second half", () => {
    const voiced = repeat(true, 1500);
    voiced.fill(false, 700, 706);
    voiced.fill(false, 900, 902);
    expect(cutAll(voiced, 30).map(times)).toEqual([
      [0, 21.09],
      [21.09, 23.91],
    ]);
  });

  test("silence belongs to no piece, and a click is none", () => {
    const hour = repeat(false, 3600);
    expect(cutAll(hour, 30)).toEqual([]);
    hour[500] = true;
    expect(cutAll(hour, 30)).toEqual([]);
    hour.fill(true, 2000, 2100);
    expect(cutAll(hour, 30).map(times)).toEqual([[59.7, 3.6]]);
  });
});

describe("cutting sound", () => {
  test("cuts the same however the sound arrives", async () => {
    const sound = babble(70);
    const sizes = [480, 1, 7919, 65_536];
    const runs = await Promise.all(sizes.map((size) => piecesOf(sound, size)));
    expect(runs[0]?.length).toBeGreaterThan(2);
    for (const run of runs) expect(run).toEqual(runs[0] ?? []);
  });
});

function repeat(value: boolean, count: number): boolean[] {
  return new Array<boolean>(count).fill(value);
}

function cutAll(voiced: readonly boolean[], maxSeconds: number): Piece[] {
  const cutter = new PieceCutter(maxSeconds);
  const pieces = voiced.map((voice, i) => {
    const frame = new Int16Array(FRAME_SAMPLES).fill(voice ? 1000 + (i % 7) : 0);
    return cutter.push(frame, voice);
  });
  return [...pieces, cutter.flush()].filter((piece) => piece !== null);
}

/** Begin and length in seconds. */
function times({ from, samples }: Piece): [number, number] {
  const seconds = (count: number) => Math.round((count / 16_000) * 1000) / 1000;
  return [seconds(from), seconds(samples.length)];
}

async function piecesOf(sound: Int16Array, size: number): Promise<[number, number][]> {
  async function* chunks() {
    for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
  }
  const pieces = await Array.fromAsync(speechPieces(chunks(), 30, () => {}));
  return pieces.map(times);
}
