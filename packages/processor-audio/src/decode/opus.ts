/** Sound of an Opus file in Ogg: our packets, libopus in WebAssembly. Worker side. */
import { DAMAGED, type DamageReport } from "./decoder.ts";
import { oggPackets } from "./ogg-packets.ts";
import type { SoundBlock } from "./speech-samples.ts";

/** Opus always counts in this rate. */
const RATE = 48_000;
/** Packets decoded in one call: a second or so. */
const PACKETS_AT_ONCE = 50;

export async function* opusBlocks(
  chunks: AsyncIterable<Uint8Array>,
  damage: DamageReport,
): AsyncGenerator<SoundBlock> {
  const packets = oggPackets(chunks, () => damage.add(DAMAGED, "a gap between pages"));
  const first = await packets.next();
  const head = first.done ? null : readHead(first.value.data);
  if (head === null) return;
  const { OpusDecoder } = await import("opus-decoder");
  const decoder = new OpusDecoder(head.settings);
  await decoder.ready;
  try {
    let given = -head.preSkip;
    let frames: Uint8Array[] = [];
    let end: number | null = null;
    const decode = (): SoundBlock | null => {
      const { channelData, samplesDecoded, errors } = decoder.decodeFrames(frames);
      frames = [];
      const [error] = errors;
      if (error) damage.add(DAMAGED, error.message);
      // The first samples warm the decoder up, the last ones fill its last packet.
      const from = Math.max(0, -given);
      const last =
        end === null ? samplesDecoded : Math.min(samplesDecoded, end - given - head.preSkip);
      given += samplesDecoded;
      if (last <= from) return null;
      return { channels: channelData.map((each) => each.slice(from, last)), sampleRate: RATE };
    };
    let ahead: { frames: Uint8Array[]; granule: number | null } | null = null;
    for await (const { data, granule } of packets) {
      if (isTags(data)) continue;
      if (ahead !== null && ahead.frames.length >= PACKETS_AT_ONCE) {
        frames = ahead.frames;
        const block = decode();
        if (block) yield block;
        ahead = null;
      }
      ahead ??= { frames: [], granule: null };
      ahead.frames.push(data);
      ahead.granule = granule ?? ahead.granule;
    }
    if (ahead === null) return;
    frames = ahead.frames;
    end = ahead.granule;
    const block = decode();
    if (block) yield block;
  } finally {
    decoder.free();
  }
}

function isTags(data: Uint8Array): boolean {
  return Buffer.from(data.subarray(0, 8)).toString("latin1") === "OpusTags";
}

/** RFC 7845, section 5.1. */
function readHead(data: Uint8Array) {
  const bytes = Buffer.from(data);
  if (bytes.length < 19 || bytes.toString("latin1", 0, 8) !== "OpusHead") return null;
  const channels = bytes[9] ?? 0;
  const preSkip = bytes.readUInt16LE(10);
  const mapping = bytes[18] ?? 0;
  if (channels < 1 || channels > 8) return null;
  if (mapping === 0) {
    const coupled = channels - 1;
    const settings = {
      channels,
      streamCount: 1,
      coupledStreamCount: coupled,
      channelMappingTable: channels === 1 ? [0] : [0, 1],
      preSkip: 0,
    };
    return channels > 2 ? null : { preSkip, settings };
  }
  if (bytes.length < 21 + channels) return null;
  const channelMappingTable = [...bytes.subarray(21, 21 + channels)];
  const settings = {
    channels,
    streamCount: bytes[19] ?? 1,
    coupledStreamCount: bytes[20] ?? 0,
    channelMappingTable,
    preSkip: 0,
  };
  return { preSkip, settings };
}
