/** Makes any text safe and honest on a terminal: what would move, hide, reorder or ring is shown, never sent. Shared, pure. */

/** C0 and C1 controls, DEL, bidirectional marks, separators and invisible fillers. */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- finding control characters is what this is for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const named: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\u001b": "\\e",
};

/** One line of text for a person. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** Several lines: line breaks stay, everything else as in `printable`. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n");
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return named[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
