/** Reads the header of RIFF/WAVE bytes: how the samples look and where they are. Shared, pure. */

/** How the samples of a wav file look and where they are. */
export interface WavFormat {
  readonly channels: number;
  readonly sampleRate: number;
  /** Null: compressed or otherwise not plain numbers. */
  readonly encoding: "integer" | "float" | null;
  readonly bytesPerSample: number;
  readonly dataFrom: number;
  /** Null where the writer did not know it: a stream, or a recorder that was cut off. */
  readonly dataBytes: number | null;
}

/** How much of the file `readWavHeader` may need: tags and pictures can stand before the samples. */
export const WAV_HEADER_BYTES = 1024 * 1024;

/** The header, or null where these bytes are none or end before the samples begin. */
export function readWavHeader(head: Uint8Array): WavFormat | null {
  if (!isWav(head)) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  let format: SampleFormat | null = null;
  for (let at = 12; at + 8 <= head.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    const name = tag(head, at);
    if (name === "fmt " && body + 16 <= head.length) format = readSampleFormat(view, body, size);
    if (name === "data") {
      // 0 and the largest number are left by programs that did not come back to fill it in (or wrote RF64).
      const known = size !== 0 && size !== 0xffff_ffff;
      return format && { ...format, dataFrom: body, dataBytes: known ? size : null };
    }
    at = body + size + (size % 2);
  }
  return null;
}

export function isWav(head: Uint8Array): boolean {
  return /^(RIFF|RF64)$/.test(tag(head, 0)) && tag(head, 8) === "WAVE";
}

/** Length of the samples in seconds, or null where the header does not say. */
export function wavSeconds(format: WavFormat): number | null {
  if (format.encoding === null || format.dataBytes === null) return null;
  return format.dataBytes / (format.channels * format.bytesPerSample) / format.sampleRate;
}

type SampleFormat = Pick<WavFormat, "channels" | "sampleRate" | "encoding" | "bytesPerSample">;

/** Null when its numbers cannot be. */
function readSampleFormat(view: DataView, body: number, size: number): SampleFormat | null {
  const channels = view.getUint16(body + 2, true);
  const sampleRate = view.getUint32(body + 4, true);
  const bytesPerSample = Math.ceil(view.getUint16(body + 14, true) / 8);
  if (channels < 1 || channels > 64 || sampleRate < 1000 || sampleRate > 768_000) return null;

  const code = view.getUint16(body, true);
  const extended = code === 0xfffe && size >= 40 && body + 26 <= view.byteLength;
  const encoding = encodingOf(extended ? view.getUint16(body + 24, true) : code, bytesPerSample);
  return { channels, sampleRate, encoding, bytesPerSample };
}

function encodingOf(code: number, bytes: number): WavFormat["encoding"] {
  if (code === 1 && bytes >= 1 && bytes <= 4) return "integer";
  if (code === 3 && (bytes === 4 || bytes === 8)) return "float";
  return null;
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
