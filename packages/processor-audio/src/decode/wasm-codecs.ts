/** Decoders that come with the program for mp3, FLAC, Opus and Vorbis, each loaded when it is first needed. Worker side; reads one file. */
import { collectingGarbage } from "./collecting-garbage.ts";
import { DamageReport, type DecodedAudio, type Decoder } from "./decoder.ts";
import { readChunks } from "./read-chunks.ts";
import { speechSamples, type SoundBlock } from "./speech-samples.ts";

export type WasmCodec = "mp3" | "flac" | "opus" | "vorbis";

type Read = (
  path: string,
  signal: AbortSignal,
  damage: DamageReport,
) => Promise<AsyncIterable<SoundBlock>>;

const READERS: Readonly<Record<WasmCodec, Read>> = {
  mp3: async (path, signal, damage) =>
    (await import("./mp3.ts")).mp3Blocks(readChunks(path, signal), damage),
  flac: async (path, signal, damage) =>
    (await import("./flac.ts")).flacBlocks(path, signal, damage),
  opus: async (path, signal, damage) =>
    (await import("./opus.ts")).opusBlocks(readChunks(path, signal), damage),
  vorbis: async (path, signal, damage) =>
    (await import("./vorbis.ts")).vorbisBlocks(readChunks(path, signal), damage),
};

export function wasmDecoder(name: WasmCodec): Decoder {
  return {
    description: `the built-in ${name} decoder`,
    open(path, signal): DecodedAudio {
      const damage = new DamageReport();
      return {
        damage,
        samples: collectingGarbage(speechSamples(blocks(name, path, signal, damage))),
      };
    },
  };
}

async function* blocks(
  name: WasmCodec,
  path: string,
  signal: AbortSignal,
  damage: DamageReport,
): AsyncGenerator<SoundBlock> {
  let anything = false;
  for await (const block of await READERS[name](path, signal, damage)) {
    if (!isSound(block)) continue;
    anything = true;
    yield block;
  }
  if (!anything) damage.add(`it holds no ${name} sound`);
}

/** Garbage can look like any rate. */
function isSound({ channels, sampleRate }: SoundBlock): boolean {
  return (channels[0]?.length ?? 0) > 0 && sampleRate >= 1000 && sampleRate <= 768_000;
}
