/** Turns the bytes of a text file into a string, whatever editor saved it. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";

/** Text with `\n` line ends and without byte order mark. */
export interface DecodedText {
  readonly text: string;
  /** Set when the encoding had to be guessed. */
  readonly warning?: string;
}

/** The C0 characters that no text holds; tab, line ends, form feed and escape are left out. */
// oxlint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/g;

/**
 * Byte order mark first, then a name the file gives (`declared`), then UTF-8, else windows-1252 with a warning.
 * @throws PermanentError when the bytes are no text
 */
export function decodeText(bytes: Uint8Array, name: string, declared?: string): DecodedText {
  const marked = byteOrderMark(bytes) ?? (declared === undefined ? null : known(declared));
  if (marked !== null) return { text: clean(new TextDecoder(marked).decode(bytes), name) };
  try {
    return { text: clean(new TextDecoder("utf-8", { fatal: true }).decode(bytes), name) };
  } catch (error) {
    if (error instanceof PermanentError) throw error;
  }
  return {
    text: clean(new TextDecoder("windows-1252").decode(bytes), name),
    warning: `${name} is not UTF-8; read as windows-1252, so check its accents and save it as UTF-8 if they are wrong`,
  };
}

function byteOrderMark([a, b, c]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return null;
}

/** The encoding of that name, or null for a name nobody knows. */
function known(label: string): Bun.Encoding | null {
  try {
    return new TextDecoder(label as Bun.Encoding).encoding as Bun.Encoding;
  } catch {
    return null;
  }
}

function clean(text: string, name: string): string {
  const binary = text.match(BINARY)?.length ?? 0;
  if (binary > 2 && binary > text.length / 1000) {
    throw new PermanentError(
      `${name} is not text: it holds binary data. Check the file, or give it the extension of what it is`,
      { code: "not_text" },
    );
  }
  return text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}
