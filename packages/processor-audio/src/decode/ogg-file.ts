/** Puts packets into an Ogg file of one logical stream: the least that a decoder takes. Shared, pure. */
import { oggChecksum } from "./ogg-checksum.ts";

const SEGMENTS_OF_PAGE = 255;
const UNKNOWN_GRANULE = -1n;
const FIRST_PAGE = 2;
const CONTINUED = 1;

/** Times are left open, since whoever cuts a file knows them; the first packet stands on a page of its own. */
export function oggFile(packets: readonly Uint8Array[]): Uint8Array {
  const [first, ...rest] = packets;
  if (first === undefined) return new Uint8Array(0);
  const segments = [...segmentsOf(first)];
  const pages = [page(segments, 0, FIRST_PAGE)];
  let waiting: Uint8Array[] = [];
  let isContinued = false;
  const write = () => {
    pages.push(page(waiting, pages.length, isContinued ? CONTINUED : 0));
    isContinued = waiting.at(-1)?.length === 255;
    waiting = [];
  };
  for (const packet of rest) {
    for (const segment of segmentsOf(packet)) {
      waiting.push(segment);
      if (waiting.length === SEGMENTS_OF_PAGE) write();
    }
  }
  if (waiting.length > 0) write();
  return Buffer.concat(pages);
}

/** 255 bytes each, and a shorter one that ends the packet. */
function* segmentsOf(packet: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at <= packet.length; at += 255) yield packet.subarray(at, at + 255);
}

function page(segments: readonly Uint8Array[], number: number, flags: number): Uint8Array {
  const header = Buffer.alloc(27 + segments.length);
  header.write("OggS", 0, "latin1");
  header[5] = flags;
  header.writeBigInt64LE(UNKNOWN_GRANULE, 6);
  header.writeUInt32LE(1, 14);
  header.writeUInt32LE(number, 18);
  header[26] = segments.length;
  segments.forEach((segment, i) => (header[27 + i] = segment.length));
  const bytes = Buffer.concat([header, ...segments]);
  bytes.writeUInt32LE(oggChecksum(bytes), 22);
  return bytes;
}
