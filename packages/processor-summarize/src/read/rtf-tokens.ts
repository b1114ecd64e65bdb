/** Cuts rich text into groups, control words and text in its encoding. Worker side, pure. */

export type RtfToken =
  | { readonly kind: "open" }
  | { readonly kind: "close" }
  | { readonly kind: "text"; readonly text: string }
  /** A character by its number; characters that stand in for it follow. */
  | { readonly kind: "unicode"; readonly text: string }
  | { readonly kind: "control"; readonly word: string; readonly value: number };

const SYMBOLS: Readonly<Record<string, string>> = {
  "~": "\u00A0",
  _: "-",
  "-": "",
  "{": "{",
  "}": "}",
  "\\": "\\",
  tab: " ",
  line: " ",
  softline: " ",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  endash: "–",
  emdash: "—",
  emspace: " ",
  enspace: " ",
};
const PATTERN = /\\(?:'([0-9a-f]{2})|([a-z]{1,32})(-?\d{1,9})? ?|([^a-z]))|([{}])|([^\\{}]+)/giy;

/** The tokens of a file. Stops at the first byte that is none: the rest is damaged. */
export function* rtfTokens(bytes: Uint8Array): Generator<RtfToken> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  let decoder = decoderOf(1252);
  let pending: number[] = [];
  const pattern = new RegExp(PATTERN);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, hex, word, number, symbol, brace, plain] = match;
    if (hex !== undefined) {
      pending.push(Number.parseInt(hex, 16));
      continue;
    }
    // Two of them may be one character.
    if (pending.length > 0) {
      yield { kind: "text", text: decoder.decode(Uint8Array.from(pending)) };
      pending = [];
    }
    const value = number === undefined ? 1 : Number(number);
    if (brace === "{") yield { kind: "open" };
    else if (brace === "}") yield { kind: "close" };
    else if (plain !== undefined) {
      const line = plain.replace(/[\r\n]+/g, "");
      if (line !== "") yield { kind: "text", text: decoder.decode(Buffer.from(line, "latin1")) };
    } else if (word === "ansicpg") decoder = decoderOf(value);
    else if (word === "bin") pattern.lastIndex += Math.max(0, value);
    else if (word === "u") {
      yield { kind: "unicode", text: String.fromCharCode(value < 0 ? value + 65_536 : value) };
    } else if (symbol === "\n" || symbol === "\r") yield { kind: "control", word: "par", value: 1 };
    else {
      const name = word ?? symbol ?? "";
      const sign = SYMBOLS[name];
      if (sign === undefined) yield { kind: "control", word: name.toLowerCase(), value };
      else yield { kind: "text", text: sign };
    }
  }
}

/** Numbers of Windows code pages are labels of encodings, some under another name. */
function decoderOf(page: number): TextDecoder {
  const labels: Readonly<Record<number, string>> = {
    932: "shift_jis",
    936: "gbk",
    949: "euc-kr",
    950: "big5",
    65001: "utf-8",
  };
  try {
    return new TextDecoder((labels[page] ?? `windows-${page}`) as Bun.Encoding);
  } catch {
    return new TextDecoder("windows-1252");
  }
}
