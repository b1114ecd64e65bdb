/** Turns decoded channels of any rate into the mono 16 kHz 16-bit stream that speech engines take. Shared, pure. */
import { SAMPLE_RATE } from "./decoder.ts";
import { Resampler } from "./resample.ts";

/** Sound as decoders give it: one array of samples in -1..1 per channel. */
export interface SoundBlock {
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
}

/** Mixes to mono, resamples and rounds; a recording may change its rate on the way. */
export async function* speechSamples(
  blocks: AsyncIterable<SoundBlock>,
): AsyncGenerator<Int16Array> {
  let rate = SAMPLE_RATE;
  let resampler: Resampler | undefined;
  for await (const block of blocks) {
    if (block.sampleRate !== rate) {
      if (resampler) yield toInt16(resampler.flush());
      rate = block.sampleRate;
      resampler = rate === SAMPLE_RATE ? undefined : new Resampler(rate, SAMPLE_RATE);
    }
    const mono = mixToMono(block.channels);
    const samples = toInt16(resampler ? resampler.push(mono) : mono);
    if (samples.length > 0) yield samples;
  }
  if (resampler) yield toInt16(resampler.flush());
}

function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (first === undefined) return new Float32Array(0);
  if (others.length === 0) return first;
  const mono = first.slice();
  for (const channel of others) {
    for (let i = 0; i < mono.length; i += 1) mono[i] = (mono[i] ?? 0) + (channel[i] ?? 0);
  }
  for (let i = 0; i < mono.length; i += 1) mono[i] = (mono[i] ?? 0) / channels.length;
  return mono;
}

function toInt16(samples: Float32Array): Int16Array {
  const rounded = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i += 1) {
    // A float wav may hold anything; what is not a number becomes silence.
    const value = Math.round((samples[i] ?? 0) * 32_768) || 0;
    rounded[i] = Math.max(-32_768, Math.min(32_767, value));
  }
  return rounded;
}
