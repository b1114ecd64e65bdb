/** The memory samples of a worker: its curve for a dossier, and how soon the next sample is due. Pure, clock passed in. */

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

export interface MemoryCurve {
  add(at: number, bytes: number): void;
  readonly lastBytes: number;
  /** Milliseconds until the next sample: soon when the limit is near or nearing fast. */
  nextDelayMs(limitBytes: number | null): number;
  /** [ms before `end`, bytes], oldest first, thinned to what a dossier needs. */
  before(end: number): [number, number][];
}

const CALM_MS = 500;
const ALERT_MS = 25;
const MAX_SAMPLES = 400;
const MAX_POINTS = 60;

export function memoryCurve(): MemoryCurve {
  let samples: Sample[] = [];

  return {
    add: (at, bytes) => {
      samples.push({ at, bytes });
      if (samples.length > MAX_SAMPLES) samples = thin(samples, MAX_SAMPLES / 2);
    },
    get lastBytes() {
      return samples.at(-1)?.bytes ?? 0;
    },
    nextDelayMs: (limitBytes) => {
      const [before, last] = samples.slice(-2);
      if (limitBytes === null || before === undefined || last === undefined) return CALM_MS / 5;
      const bytesPerMs = (last.bytes - before.bytes) / Math.max(1, last.at - before.at);
      if (bytesPerMs <= 0) return CALM_MS;
      // A quarter of the time it would take to get there at this pace.
      const msLeft = (limitBytes - last.bytes) / bytesPerMs;
      return Math.min(CALM_MS, Math.max(ALERT_MS, msLeft / 4));
    },
    before: (end) =>
      thin(samples, MAX_POINTS).map(({ at, bytes }) => [Math.max(0, Math.round(end - at)), bytes]),
  };
}

/** Keeps every sample of the newest half, and of the older ones as many as there is room for. */
function thin(samples: readonly Sample[], max: number): Sample[] {
  if (samples.length <= max) return [...samples];
  const recent = samples.slice(-max / 2);
  const older = samples.slice(0, samples.length - recent.length);
  const step = older.length / (max / 2);
  const kept = Array.from({ length: max / 2 }, (_, i) => older[Math.floor(i * step)]);
  return [...kept.filter((each) => each !== undefined), ...recent];
}
