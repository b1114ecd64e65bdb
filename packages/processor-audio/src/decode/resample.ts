/** Changes the sample rate of a mono stream by a windowed-sinc polyphase filter, chunk by chunk. Shared, pure. */

/** Zero crossings of the sinc on each side: 16 give a stop band below -80 dB, far more than speech needs. */
const ZERO_CROSSINGS = 16;
/** Pass band relative to the lower Nyquist frequency, leaving room for the filter's slope. */
const PASS_BAND = 0.94;
const KAISER_BETA = 9;
/** Filter phases kept; a ratio that needs more (an odd rate such as 44,101 Hz) takes the nearest one. */
const MAX_PHASES = 1024;

/** Feed chunks to `push`, then call `flush` once; the output is as long as the input, times the ratio. */
export class Resampler {
  readonly #step: number;
  readonly #phases: number;
  readonly #half: number;
  readonly #filter: Float32Array;
  /** Input not yet used up; begins with `half` samples before the next output. */
  #pending: Float32Array;
  /** Time of the next output in input samples, relative to `pending[half]`. */
  #position = 0;
  #received = 0;
  #produced = 0;
  readonly #ratio: number;

  constructor(fromRate: number, toRate: number) {
    this.#ratio = toRate / fromRate;
    this.#step = fromRate / toRate;
    this.#phases = Math.min(MAX_PHASES, toRate / greatestCommonDivisor(fromRate, toRate));
    const cutoff = PASS_BAND * Math.min(1, this.#ratio);
    this.#half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.#filter = designFilter(this.#phases, this.#half, cutoff);
    this.#pending = new Float32Array(this.#half);
  }

  push(input: Float32Array): Float32Array {
    this.#received += input.length;
    return this.#run(input);
  }

  /** The last samples, with silence after the end of the input. */
  flush(): Float32Array {
    const wanted = Math.round(this.#received * this.#ratio) - this.#produced;
    const silence = new Float32Array(2 * this.#half + Math.ceil(this.#step));
    return this.#run(silence).subarray(0, Math.max(0, wanted));
  }

  #run(input: Float32Array): Float32Array {
    const taps = 2 * this.#half + 1;
    const data = new Float32Array(this.#pending.length + input.length);
    data.set(this.#pending);
    data.set(input, this.#pending.length);

    const usable = data.length - taps;
    const count =
      usable < this.#position ? 0 : Math.floor((usable - this.#position) / this.#step) + 1;
    const output = new Float32Array(Math.max(0, count));
    for (let i = 0; i < output.length; i += 1) {
      const time = this.#position + i * this.#step;
      let start = Math.floor(time);
      let phase = Math.round((time - start) * this.#phases);
      if (phase === this.#phases) {
        phase = 0;
        start += 1;
      }
      output[i] = dot(this.#filter, phase * taps, data, start, taps);
    }
    this.#produced += output.length;

    const next = this.#position + output.length * this.#step;
    const drop = Math.min(Math.floor(next), data.length);
    this.#pending = data.slice(drop);
    this.#position = next - drop;
    return output;
  }
}

/** One row of taps for each phase, every row with a sum of 1. */
function designFilter(phases: number, half: number, cutoff: number): Float32Array {
  const taps = 2 * half + 1;
  const filter = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - half - phase / phases;
      const value = sinc(distance * cutoff) * kaiser(distance / (half + 1));
      filter[phase * taps + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap += 1) {
      const at = phase * taps + tap;
      filter[at] = (filter[at] ?? 0) / sum;
    }
  }
  return filter;
}

function dot(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += (a[aFrom + i] as number) * (b[bFrom + i] as number);
  return sum;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window at -1..1. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
