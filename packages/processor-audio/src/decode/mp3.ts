/** Sound of an mp3 file: libmpg123 in WebAssembly, as the bytes come. Worker side. */
import { DAMAGED, type DamageReport } from "./decoder.ts";
import type { SoundBlock } from "./speech-samples.ts";

export async function* mp3Blocks(
  chunks: AsyncIterable<Uint8Array>,
  damage: DamageReport,
): AsyncGenerator<SoundBlock> {
  const { MPEGDecoder } = await import("mpg123-decoder");
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    for await (const bytes of chunks) {
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decode(bytes);
      const [error] = errors;
      if (error) damage.add(DAMAGED, error.message);
      // Without samples the other fields hold leftovers.
      if (samplesDecoded > 0) yield { channels: channelData, sampleRate };
    }
  } finally {
    decoder.free();
  }
}
