/** Sound of a Vorbis file in Ogg: stb_vorbis in WebAssembly, which takes whole files only and so gets short ones that we cut. Worker side. */
import { DAMAGED, type DamageReport } from "./decoder.ts";
import { oggPackets } from "./ogg-packets.ts";
import { oggFile } from "./ogg-file.ts";
import type { SoundBlock } from "./speech-samples.ts";

/** Packets of one short file: 10 to 40 s of sound, a few MB. */
const PACKETS_AT_ONCE = 1_024;
/** What the decoder needs before any sound: identification, comment, setup. */
const HEADERS = 3;

/** Packets of the file before that are given again: sound comes out of the overlap of two packets, and not every packet may be the first. */
const OVERLAP = 6;

export async function* vorbisBlocks(
  chunks: AsyncIterable<Uint8Array>,
  damage: DamageReport,
): AsyncGenerator<SoundBlock> {
  const { StbVorbis } = await import("stb-vorbis");
  await StbVorbis.ready;
  const headers: Uint8Array[] = [];
  let before: Uint8Array[] = [];
  let held: Uint8Array[] = [];
  let given = 0;
  const decode = (end: number | null): SoundBlock | null => {
    const decoded = decodeAfter(StbVorbis, headers, before, held);
    before = [...before, ...held].slice(-OVERLAP);
    held = [];
    if (decoded === null) {
      damage.add(DAMAGED, "a stretch that is no Vorbis");
      return null;
    }
    const { channels, sampleRate } = decoded;
    const length = channels[0]?.length ?? 0;
    // The last page says where the sound really ends.
    const wanted = end === null ? length : Math.min(length, Math.max(0, end - given));
    given += length;
    return { channels: channels.map((each) => each.subarray(0, wanted)), sampleRate };
  };
  let lastGranule: number | null = null;
  for await (const packet of oggPackets(chunks, () => damage.add(DAMAGED, "a gap between pages"))) {
    if (headers.length < HEADERS) {
      headers.push(packet.data);
      continue;
    }
    if (held.length >= PACKETS_AT_ONCE) {
      const block = decode(null);
      if (block) yield block;
    }
    held.push(packet.data);
    lastGranule = packet.granule ?? lastGranule;
  }
  if (headers.length < HEADERS || held.length === 0) return;
  const block = decode(lastGranule);
  if (block) yield block;
}

interface Library {
  decode(bytes: Uint8Array): { channels: Float32Array[]; sampleRate: number };
}

/** What `held` adds to the sound of the packets before it; null when it cannot be decoded at all. */
function decodeAfter(
  library: Library,
  headers: readonly Uint8Array[],
  before: readonly Uint8Array[],
  held: readonly Uint8Array[],
): SoundBlock | null {
  for (let overlap = Math.min(1, before.length); overlap <= before.length; overlap += 1) {
    const again = overlap === 0 ? [] : before.slice(-overlap);
    const decoded = tryToDecode(library, oggFile([...headers, ...again, ...held]));
    if (decoded === null) continue;
    // Of two packets on, those given again have sound of their own, which is known already.
    const known =
      overlap < 2
        ? 0
        : (tryToDecode(library, oggFile([...headers, ...again]))?.channels[0]?.length ?? 0);
    return { ...decoded, channels: decoded.channels.map((each) => each.subarray(known)) };
  }
  return null;
}

function tryToDecode(library: Library, bytes: Uint8Array): SoundBlock | null {
  try {
    const decoded = library.decode(bytes);
    return (decoded.channels[0]?.length ?? 0) > 0 ? decoded : null;
  } catch {
    return null;
  }
}
