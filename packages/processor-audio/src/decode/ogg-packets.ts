/** Takes packets out of an Ogg stream as it is read: the first logical stream in it, with what its pages say of time. Shared, pure. */
import { oggChecksum } from "./ogg-checksum.ts";

export interface OggPacket {
  readonly data: Uint8Array;
  /** Samples since the beginning at the end of its page, on the last packet that ends there; else null. */
  readonly granule: number | null;
}

/** A page may claim no more than this, in bytes: its header and 255 segments of 255. */
const LARGEST_PAGE = 27 + 255 + 255 * 255;
/** Packets of sound and headers are far smaller; what claims more is damaged. */
const LARGEST_PACKET = 4 << 20;

/** Passes over what is no page, and says so to `onGap`; a packet with a missing part is left out. */
export async function* oggPackets(
  chunks: AsyncIterable<Uint8Array>,
  onGap: () => void,
): AsyncGenerator<OggPacket> {
  const stream = new PacketStream(onGap);
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    const { packets, used } = stream.take(held);
    yield* packets;
    held = held.subarray(used);
  }
  if (held.length > 0) onGap();
}

class PacketStream {
  readonly #onGap: () => void;
  #serial: number | null = null;
  #nextPage: number | null = null;
  #unfinished: Uint8Array[] = [];
  #unfinishedBytes = 0;

  constructor(onGap: () => void) {
    this.#onGap = onGap;
  }

  /** All packets of the whole pages in `bytes`, and how much of it they took. */
  take(bytes: Buffer): { packets: OggPacket[]; used: number } {
    const packets: OggPacket[] = [];
    let at = 0;
    while (true) {
      const start = bytes.indexOf("OggS", at, "latin1");
      if (start === -1) {
        const keep = Math.min(3, bytes.length - at);
        if (bytes.length - at > keep) this.#onGap();
        return { packets, used: bytes.length - keep };
      }
      if (start > at) this.#onGap();
      const size = pageSize(bytes, start);
      if (size === null || start + size > bytes.length) return { packets, used: start };
      packets.push(...this.#page(bytes.subarray(start, start + size)));
      at = start + size;
    }
  }

  #page(page: Buffer): OggPacket[] {
    const serial = page.readUInt32LE(14);
    this.#serial ??= serial;
    if (serial !== this.#serial) return [];
    // Used all the same: most of it is right, and a decoder gets over the rest.
    if (!isIntact(page)) this.#onGap();
    const number = page.readUInt32LE(18);
    const isContinued = ((page[5] ?? 0) & 1) === 1;
    if (this.#nextPage !== null && number !== this.#nextPage) {
      this.#onGap();
      this.#forget();
    }
    this.#nextPage = number + 1;
    if (!isContinued) this.#forget();
    return this.#packets(page, isContinued && this.#unfinished.length === 0);
  }

  /** @param skipFirst its beginning was on a page that is missing */
  #packets(page: Buffer, skipFirst: boolean): OggPacket[] {
    const segments = page[26] ?? 0;
    const ends: Uint8Array[] = [];
    let from = 27 + segments;
    let length = 0;
    let skip = skipFirst;
    for (let i = 0; i < segments; i += 1) {
      const lacing = page[27 + i] ?? 0;
      length += lacing;
      if (lacing === 255) continue;
      this.#hold(page.subarray(from, from + length));
      if (!skip) ends.push(Buffer.concat(this.#unfinished));
      skip = false;
      this.#forget();
      from += length;
      length = 0;
    }
    if (length > 0 && !skip) this.#hold(page.subarray(from, from + length));
    const granule = Number(page.readBigInt64LE(6));
    return ends.map((data, i) => ({
      data,
      granule: i === ends.length - 1 && granule >= 0 ? granule : null,
    }));
  }

  #hold(part: Buffer): void {
    this.#unfinishedBytes += part.length;
    if (this.#unfinishedBytes > LARGEST_PACKET) this.#forget();
    else this.#unfinished.push(Buffer.from(part));
  }

  #forget(): void {
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
  }
}

function isIntact(page: Buffer): boolean {
  const bytes = Buffer.from(page);
  bytes.writeUInt32LE(0, 22);
  return oggChecksum(bytes) === page.readUInt32LE(22);
}

/** Null when too little of it is there to say. */
function pageSize(bytes: Buffer, at: number): number | null {
  const segments = bytes[at + 26];
  if (segments === undefined || at + 27 + segments > bytes.length) return null;
  let size = 27 + segments;
  for (let i = 0; i < segments; i += 1) size += bytes[at + 27 + i] ?? 0;
  return Math.min(size, LARGEST_PAGE);
}
