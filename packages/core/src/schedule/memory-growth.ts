/** Tells a worker that takes more and more memory from one that only has loaded something: once for each time. Pure, clock passed in. */

export interface Growth {
  /** Takes a sample; returns bytes a second when steady growth begins to be seen, else null. */
  add(at: number, bytes: number): number | null;
}

/** Growth is steady when it lasts this long, in each part of it. */
const WINDOW_MS = 5_000;
const PARTS = 5;

export function watchGrowth(thresholdBytesPerSecond: number): Growth {
  let samples: { at: number; bytes: number }[] = [];
  let growing = false;

  return {
    add(at, bytes) {
      samples.push({ at, bytes });
      const past = samples.findLastIndex((sample) => at - sample.at >= WINDOW_MS);
      if (past > 0) samples = samples.slice(past);
      if (past < 0) return null;
      const rates = ratesOf(samples, at);
      if (growing) {
        growing = average(rates) >= thresholdBytesPerSecond / 2;
        return null;
      }
      growing = rates.every((rate) => rate >= thresholdBytesPerSecond);
      return growing ? average(rates) : null;
    },
  };
}

/** Bytes a second in each part of the window that ends now. */
function ratesOf(samples: readonly { at: number; bytes: number }[], now: number): number[] {
  const partMs = WINDOW_MS / PARTS;
  const bytesAt = (time: number): number => {
    const after = samples.findIndex((sample) => sample.at >= time);
    const [a, b] = [samples[Math.max(0, after - 1)], samples[after] ?? samples.at(-1)];
    if (a === undefined || b === undefined || b.at === a.at) return b?.bytes ?? 0;
    return a.bytes + ((b.bytes - a.bytes) * (time - a.at)) / (b.at - a.at);
  };
  return Array.from({ length: PARTS }, (_, part) => {
    const end = now - part * partMs;
    return ((bytesAt(end) - bytesAt(end - partMs)) / partMs) * 1_000;
  });
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
