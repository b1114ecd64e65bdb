/** Behaviour of the resampler: right length, right pitch, whatever the chunks. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Resampler } from "../src/decode/resample.ts";

const RATES = [8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 44_101, 48_000, 96_000];

describe("resampling", () => {
  test.each(RATES)("keeps a tone of 440 Hz from %d Hz", (rate) => {
    const output = resampleAll(tone(440, rate, rate), rate, [4096]);
    expect(output.length).toBe(16_000);
    const ideal = tone(440, 16_000, 16_000);
    // The ends are half silence: look at the middle.
    for (let i = 500; i < 15_500; i += 1) {
      expect(Math.abs((output[i] ?? 0) - (ideal[i] ?? 0))).toBeLessThan(0.005);
    }
  });

  test("removes what 16 kHz cannot hold instead of folding it into speech", () => {
    const output = resampleAll(tone(9_000, 44_100, 44_100), 44_100, [4096]);
    expect(Math.max(...output.subarray(500, 15_500).map(Math.abs))).toBeLessThan(0.001);
  });

  test("gives the same samples however the input is cut", () => {
    const input = tone(300, 44_100, 5_000);
    const whole = resampleAll(input, 44_100, [5_000]);
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, (chunks) => {
        const cut = resampleAll(input, 44_100, chunks);
        expect(cut.length).toBe(whole.length);
        cut.forEach((sample, i) => expect(sample).toBeCloseTo(whole[i] ?? 0, 6));
      }),
      { numRuns: 30 },
    );
  });
});

function tone(hertz: number, rate: number, count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate) / 2,
  );
}

function resampleAll(input: Float32Array, rate: number, sizes: readonly number[]): Float32Array {
  const resampler = new Resampler(rate, 16_000);
  const parts: Float32Array[] = [];
  for (let at = 0, i = 0; at < input.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(resampler.push(input.subarray(at, at + size)));
    at += size;
  }
  parts.push(resampler.flush());
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
