/** Decoder for wav files with plain samples, also cut or endless ones. Worker side; reads one file. */
import { collectingGarbage } from "./collecting-garbage.ts";
import { DamageReport, type DecodedAudio, type Decoder } from "./decoder.ts";
import { missingFfmpeg } from "./missing-ffmpeg.ts";
import { readChunks, readHead } from "./read-chunks.ts";
import { speechSamples, type SoundBlock } from "./speech-samples.ts";
import { readWavHeader, WAV_HEADER_BYTES, type WavFormat } from "./wav-header.ts";

export const wavDecoder: Decoder = {
  description: "the built-in wav reader",
  open(path, signal): DecodedAudio {
    const damage = new DamageReport();
    return { damage, samples: collectingGarbage(speechSamples(blocks(path, signal, damage))) };
  },
};

async function* blocks(
  path: string,
  signal: AbortSignal,
  damage: DamageReport,
): AsyncGenerator<SoundBlock> {
  const format = readWavHeader(await readHead(path, WAV_HEADER_BYTES));
  if (format === null) {
    damage.add("its wav header is damaged or cut off");
    return;
  }
  if (format.encoding === null) throw missingFfmpeg("this wav file, whose sound is compressed");

  const frameBytes = format.channels * format.bytesPerSample;
  let left = format.dataBytes ?? Number.POSITIVE_INFINITY;
  let rest = new Uint8Array(0);
  for await (const chunk of readChunks(path, signal, { from: format.dataFrom })) {
    const fresh = chunk.subarray(0, Math.min(chunk.length, left));
    left -= fresh.length;
    const bytes = joined(rest, fresh);
    const frames = Math.floor(bytes.length / frameBytes);
    rest = bytes.slice(frames * frameBytes);
    yield { channels: splitChannels(bytes, frames, format), sampleRate: format.sampleRate };
    if (left === 0) return;
  }
}

function splitChannels(bytes: Uint8Array, frames: number, format: WavFormat): Float32Array[] {
  const read = sampleReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), format);
  const step = format.channels * format.bytesPerSample;
  return Array.from({ length: format.channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    const offset = channel * format.bytesPerSample;
    for (let i = 0; i < frames; i += 1) samples[i] = read(i * step + offset);
    return samples;
  });
}

/** Reads the sample at a byte offset as a number in -1..1; wav files are little-endian, 8 bits unsigned. */
function sampleReader(view: DataView, format: WavFormat): (at: number) => number {
  const bytes = format.bytesPerSample;
  if (format.encoding === "float") {
    return bytes === 4 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  }
  switch (bytes) {
    case 1:
      return (at) => (view.getUint8(at) - 128) / 128;
    case 2:
      return (at) => view.getInt16(at, true) / 32_768;
    case 3:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608;
    default:
      return (at) => view.getInt32(at, true) / 2_147_483_648;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
