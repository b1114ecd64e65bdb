/** What kind of text the start of a file is, if it is text at all. Shared, pure. */
import { extensionOf } from "./extension.ts";

/** Formats that only their extension can tell from plain text. */
const byExtension: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".json": "application/json",
  ".markdown": "text/markdown",
  ".md": "text/markdown",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
};

/** Formats that are text at their start and say what they are. */
const byFirstCharacters: readonly (readonly [string, string])[] = [
  ["%PDF-", "application/pdf"],
  ["%!PS", "application/postscript"],
  ["{\\rtf", "application/rtf"],
];

const htmlStart = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)[\s>]/i;
const htmlTag = /<(?:head|body|title|meta|div|p|h[1-6]|table|ul|ol|span|a|br)[\s/>]/i;
const subripStart = /^\s*\d+[ \t]*\r?\n\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s+-->/;

/** The MIME type of a text by what it says; where that is not enough, by the extension of its name. */
export function textTypeOf(text: string, fileName: string): string {
  const start = text.replace(/^\uFEFF/, "");
  const known = byFirstCharacters.find(([characters]) => start.startsWith(characters));
  if (known !== undefined) return known[1];
  if (/^WEBVTT(?:[ \t\r\n]|$)/.test(start)) return "text/vtt";
  if (subripStart.test(start)) return "application/x-subrip";
  if (htmlStart.test(start)) return "text/html";
  if (/^\s*<\?xml\s/.test(start)) return "application/xml";
  const extension = extensionOf(fileName);
  if ((extension === ".html" || extension === ".htm") && htmlTag.test(start)) return "text/html";
  if (extension === ".json" && !/^\s*(?:[[{"\d-]|true|false|null)/.test(start)) return "text/plain";
  return byExtension[extension] ?? "text/plain";
}

/**
 * The sample as text, or null when it is none. A format with a magic number may still be text to the eye ("BM" begins bitmaps and
 * sentences about cars), so whoever asks this first is not fooled. `isWhole`: the file ends where the sample does.
 */
export function decodeText(sample: Uint8Array, isWhole: boolean): string | null {
  const marked = encodingOfMark(sample);
  if (marked !== null) return new TextDecoder(marked).decode(sample);
  if (looksBinary(sample)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: !isWhole });
  } catch {
    return new TextDecoder("windows-1252").decode(sample);
  }
}

function encodingOfMark(sample: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (sample[0] === 0xff && sample[1] === 0xfe) return "utf-16le";
  if (sample[0] === 0xfe && sample[1] === 0xff) return "utf-16be";
  return null;
}

/** A zero byte, or more than one byte in fifty that no text has: control characters other than white space, escape and backspace. */
function looksBinary(sample: Uint8Array): boolean {
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte < 0x08 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) controls += 1;
  }
  return controls > sample.length / 50;
}
