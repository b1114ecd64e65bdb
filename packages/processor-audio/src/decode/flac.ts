/** Sound of a FLAC file: libFLAC as plain JavaScript, frame by frame. Worker side; reads one file. */
import { openSync, readSync, closeSync } from "node:fs";
import { DAMAGED, type DamageReport } from "./decoder.ts";
import type { SoundBlock } from "./speech-samples.ts";

/** From this state on libFLAC has nothing more to give: the end, or an error that it cannot get over. */
const AT_THE_END = 4;

/** The library asks for bytes when it needs them and cannot wait: a few kB each time, from a local file. */
export async function* flacBlocks(
  path: string,
  signal: AbortSignal,
  damage: DamageReport,
): AsyncGenerator<SoundBlock> {
  const flac = await library();
  const file = openSync(path, "r");
  const decoder = flac.create_libflac_decoder(false);
  const blocks: SoundBlock[] = [];
  let position = 0;
  try {
    flac.init_decoder_stream(
      decoder,
      (size) => {
        const buffer = new Uint8Array(size);
        const read = readSync(file, buffer, 0, size, position);
        position += read;
        return { buffer: buffer.subarray(0, read), readDataLength: read, error: false };
      },
      (channels, { sampleRate, bitsPerSample, blocksize }) => {
        const samples = channels.map((bytes) => toFloat(bytes, bitsPerSample, blocksize));
        blocks.push({ channels: samples, sampleRate });
      },
      (_code, message) => damage.add(DAMAGED, String(message)),
    );
    for (let frames = 0; flac.FLAC__stream_decoder_process_single(decoder); frames += 1) {
      yield* blocks.splice(0);
      if (flac.FLAC__stream_decoder_get_state(decoder) >= AT_THE_END) return;
      signal.throwIfAborted();
      // Nothing above ever waits, and others want to be heard too.
      if (frames % 32 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    damage.add(DAMAGED);
  } finally {
    flac.FLAC__stream_decoder_finish(decoder);
    flac.FLAC__stream_decoder_delete(decoder);
    closeSync(file);
  }
}

async function library() {
  const { default: load } = await import("libflacjs");
  // The variant without WebAssembly: the other one cannot find its file here.
  const flac = load("");
  if (!flac.isReady()) await new Promise<void>((resolve) => flac.on("ready", () => resolve()));
  return flac;
}

/** Little-endian integers to numbers in -1..1; the library gives 24 bits in four bytes. */
function toFloat(bytes: Uint8Array, bits: number, count: number): Float32Array {
  const width = Math.floor(bytes.length / count);
  const samples = new Float32Array(count);
  const scale = 2 ** (bits - 1);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < samples.length; i += 1) {
    samples[i] = buffer.readIntLE(i * width, width) / scale;
  }
  return samples;
}
