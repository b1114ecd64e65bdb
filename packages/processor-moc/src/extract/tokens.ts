/** Words and marks of a sentence with their word class, put right where the tagger cuts words apart. Pure. */

export interface Token {
  /** As written; a hyphenated word is one token. */
  readonly text: string;
  readonly lower: string;
  readonly lemma: string;
  readonly pos: string;
  readonly stop: boolean;
  /** Begins with a letter. */
  readonly word: boolean;
  /** Begins with a capital. */
  readonly capital: boolean;
  /** White space stands before it. */
  readonly spaced: boolean;
}

/** The text of some tokens, as it was written. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text, spaced }, i) => (spaced && i > 0 ? ` ${text}` : text)).join("");
}

/** U+2010: wink takes words joined by "-" apart in the wrong places ("a u gmented"), but not those joined by this. */
export const HYPHEN = "\u2010";

/** What the tagger says, a column for each kind. */
export interface Columns {
  readonly values: readonly string[];
  readonly spaces: readonly string[];
  readonly lemmas: readonly string[];
  readonly tags: readonly string[];
  readonly stops: readonly boolean[];
}

/** Words whose dictionary form is not what people write: "data" is not a "datum". */
const KEEP = /^(?:data|media|criteria|news|.*ics|.*ss)$/;

/** Rows out of columns; the parts of a hyphenated word become one token. */
export function joinTokens(columns: Columns): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < columns.values.length;) {
    const end = wordEnd(columns, i);
    tokens.push(...splitPossessive(toToken(columns, i, end)));
    i = end;
  }
  return tokens;
}

/** wink leaves some possessives whole ("Locke's"), for no reason to be seen. */
function splitPossessive(token: Token): Token[] {
  if (!/.'s$/.test(token.text) || token.pos === "PRON" || token.stop) return [token];
  const text = token.text.slice(0, -2);
  const lower = text.toLowerCase();
  const owner: Token = {
    ...token,
    text,
    lower,
    lemma: lower,
    pos: token.capital ? "PROPN" : "NOUN",
  };
  return [owner, { ...NO_TOKEN, text: "'s", lower: "'s", lemma: "'s", pos: "PART" }];
}

const NO_TOKEN: Token = {
  text: "",
  lower: "",
  lemma: "",
  pos: "X",
  stop: false,
  word: false,
  capital: false,
  spaced: false,
};

/** Index behind the word that begins at `start`. wink also splits inside such words ("Pa u l-Augustin"): all that is glued belongs. */
function wordEnd({ values, spaces }: Columns, start: number): number {
  let end = start + 1;
  let hyphens = 0;
  if (!isLetter(values[start])) return end;
  for (; end < values.length && spaces[end] === ""; end++) {
    if (values[end] === HYPHEN && isLetter(values[end + 1]) && spaces[end + 1] === "") hyphens++;
    else if (!isLetter(values[end]) || values[end] === "n't") break;
  }
  return hyphens > 0 ? end : start + 1;
}

/** Word class and lemma of a hyphenated word are those of its last part, but a name stays a name. */
function toToken(
  { values, spaces, lemmas, tags, stops }: Columns,
  start: number,
  end: number,
): Token {
  const single = end === start + 1;
  const text = values.slice(start, end).join("").replaceAll(HYPHEN, "-");
  const lower = text.toLowerCase();
  const [first = ""] = text;
  const word = isLetter(first);
  const name = tags[start] === "PROPN";
  return {
    text,
    lower,
    lemma: name
      ? nameLemma(text)
      : joinedLemma(lower, lemmas[end - 1] ?? lower, tags[end - 1] ?? "X"),
    pos: name ? "PROPN" : (tags[end - 1] ?? "X"),
    stop: single && stops[start] === true,
    word,
    capital: word && first !== first.toLowerCase(),
    spaced: spaces[start] !== "",
  };
}

/** Names have no dictionary form, but "LLMs" are more than one LLM. */
function nameLemma(text: string): string {
  return (/^\p{Lu}{2,}s$/u.test(text) ? text.slice(0, -1) : text).toLowerCase();
}

function joinedLemma(lower: string, last: string, pos: string): string {
  if (KEEP.test(lower)) return lower;
  // wink finds "imago" behind "imagines"; a regular plural needs no dictionary.
  if (pos === "NOUN" && lower.endsWith("s")) return regularSingular(lower);
  return lower.slice(0, lower.lastIndexOf("-") + 1) + last.toLowerCase();
}

/** "retrievers" -> "retriever", "losses" -> "loss", "theories" -> "theory". */
export function regularSingular(plural: string): string {
  if (/(?:us|is|ias)$/.test(plural)) return plural;
  if (/[^aeiou]ies$/.test(plural)) return `${plural.slice(0, -3)}y`;
  return /(?:ss|x|ch|sh)es$/.test(plural) ? plural.slice(0, -2) : plural.slice(0, -1);
}

function isLetter(text: string | undefined): boolean {
  return text !== undefined && /^\p{L}/u.test(text);
}
