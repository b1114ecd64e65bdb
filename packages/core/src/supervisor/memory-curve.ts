/** The memory samples of a worker: its curve for a dossier, and how soon the next sample is due. Pure, clock passed in. */

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

export interface MemoryCurve {
  add(at: number, bytes: number): void;
  readonly lastBytes: number;
  /** The highest sample since this was asked last. */
  takePeak(): number;
  /** Milliseconds until the next sample: soon when the limit is near or nearing fast. */
  nextDelayMs(limitBytes: number | null): number;
  /** [ms before `end`, bytes], oldest first, thinned to what a dossier needs. */
  before(end: number): [number, number][];
}

const CALM_MS = 250;
const ALERT_MS = 20;
/** A process that fills memory as fast as it can gets about this far in a millisecond (2 GB/s). */
const WORST_BYTES_PER_MS = 2e6;
const MAX_SAMPLES = 400;
const MAX_POINTS = 60;

export function memoryCurve(): MemoryCurve {
  let samples: Sample[] = [];
  let peak = 0;

  return {
    add: (at, bytes) => {
      samples.push({ at, bytes });
      peak = Math.max(peak, bytes);
      if (samples.length > MAX_SAMPLES) samples = thin(samples, MAX_SAMPLES / 2);
    },
    get lastBytes() {
      return samples.at(-1)?.bytes ?? 0;
    },
    takePeak: () => {
      const highest = peak;
      peak = samples.at(-1)?.bytes ?? 0;
      return highest;
    },
    nextDelayMs: (limitBytes) => {
      const [before, last] = samples.slice(-2);
      if (limitBytes === null) return CALM_MS;
      const headroom = limitBytes - (last?.bytes ?? 0);
      const pace =
        before === undefined || last === undefined
          ? 0
          : (last.bytes - before.bytes) / Math.max(1, last.at - before.at);
      // A quarter of the time to the limit at the pace of now, and never longer than a burst at full speed would take.
      const atThisPace = pace <= 0 ? CALM_MS : headroom / pace / 4;
      const atWorst = headroom / WORST_BYTES_PER_MS;
      return Math.max(ALERT_MS, Math.min(CALM_MS, atThisPace, atWorst));
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
