/** Streams the tags and text of an XML part in bounded memory. Worker side, pure. */
import { Parser } from "htmlparser2";
import { breathe } from "./limits.ts";

/** What a reader of XML listens to; names come with their prefix, e.g. `w:p`. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Bytes handed over at once. */
const CHUNK = 1 << 18;

/** Feeds `xml` to the handler. Damaged XML is read as far as it makes sense; entities other than XML's own stay as written. */
export async function streamXml(
  xml: Buffer,
  handler: XmlHandler,
  signal?: AbortSignal,
): Promise<void> {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handler.open?.(name, attributes),
      ontext: (text) => handler.text?.(text),
      onclosetag: (name) => handler.close?.(name),
    },
    { xmlMode: true },
  );
  const decoder = new TextDecoder(isUtf16(xml) ? "utf-16le" : "utf-8");
  for (let at = 0; at < xml.length; at += CHUNK) {
    parser.write(decoder.decode(xml.subarray(at, at + CHUNK), { stream: true }));
    if (signal !== undefined) await breathe(signal);
  }
  parser.end();
}

function isUtf16(xml: Buffer): boolean {
  return xml[0] === 0xff && xml[1] === 0xfe;
}
