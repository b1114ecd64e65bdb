/** Decoders compiled to WebAssembly for mp3, FLAC, Opus and Vorbis, each loaded when it is first needed. Worker side; reads one file. */
import { collectingGarbage } from "./collecting-garbage.ts";
import { DAMAGED, DamageReport, type DecodedAudio, type Decoder } from "./decoder.ts";
import { readChunks } from "./read-chunks.ts";
import { speechSamples, type SoundBlock } from "./speech-samples.ts";

export type WasmCodec = "mp3" | "flac" | "opus" | "vorbis";

/** What the four libraries have in common. */
interface Codec {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Promise<Decoded>;
  free(): void;
}

interface Decoded {
  readonly channelData: Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly errors: readonly { readonly message: string }[];
}

const LOADERS: Readonly<Record<WasmCodec, () => Promise<Codec>>> = {
  mp3: async () => new (await import("mpg123-decoder")).MPEGDecoder(),
  flac: async () => new (await import("@wasm-audio-decoders/flac")).FLACDecoder(),
  opus: async () => new (await import("ogg-opus-decoder")).OggOpusDecoder(),
  vorbis: async () => new (await import("@wasm-audio-decoders/ogg-vorbis")).OggVorbisDecoder(),
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
  const codec = await LOADERS[name]();
  await codec.ready;
  let anything = false;
  try {
    for await (const decoded of decodedParts(codec, path, signal)) {
      const [error] = decoded.errors;
      if (error) damage.add(DAMAGED, error.message);
      if (!isSound(decoded)) continue;
      anything = true;
      yield { channels: decoded.channelData, sampleRate: decoded.sampleRate };
    }
    if (!anything) damage.add(`it holds no ${name} sound`);
  } finally {
    codec.free();
  }
}

async function* decodedParts(
  codec: Codec,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Decoded> {
  for await (const bytes of readChunks(path, signal)) yield await codec.decode(bytes);
  if (codec.flush) yield await codec.flush();
}

/** Without samples the other fields hold leftovers; garbage can look like any rate. */
function isSound({ samplesDecoded, sampleRate }: Decoded): boolean {
  return samplesDecoded > 0 && sampleRate >= 1000 && sampleRate <= 768_000;
}
