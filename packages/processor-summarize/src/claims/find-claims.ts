/** Picks the sentences that claim something, says what kind of claim each is, and how far to trust that. Pure. */
import { leansOnOthers, quality } from "../rank/quality.ts";
import type { Sentence } from "../rank/sentence.ts";
import { fullPosition } from "../write/position.ts";
import { BELIEFS, HEARSAY, HEDGES, strongestCue, type ClaimType } from "./cues.ts";

/** A claim as it is written to the claims file. */
export interface Claim {
  /** The sentence made to stand alone. */
  readonly statement: string;
  readonly type: ClaimType;
  /** How likely the sentence makes this kind of claim, 0.1 to 0.95; nothing about whether it is true. */
  readonly confidence: number;
  /** The sentence as it stands in the source. */
  readonly quote: string;
  /** Where it stands, e.g. `p. 3` or `04:12`. */
  readonly position: string | null;
}

interface Found {
  readonly sentence: Sentence;
  readonly type: ClaimType;
  readonly confidence: number;
}

/** Confidence of a central sentence that no cue classifies, times its quality. */
const STATEMENT_CONFIDENCE = 0.35;
/** A sentence that reads worse than this alone makes no claim worth keeping. */
const MIN_QUALITY = 0.35;
/** First words that tie a sentence to the one before. */
const CONNECTIVE =
  /^(?:however|therefore|thus|hence|moreover|furthermore|in addition|for example|for instance|as a result|consequently|in other words|in short|in fact|of course|and|but|so|or|also|then|yet)\b,?\s+/i;

/** Collects claims sentence by sentence and keeps the best `limit`. */
export class ClaimCollector {
  readonly #language: string;
  readonly #limit: number;
  #found: Found[] = [];

  constructor(language: string, limit: number) {
    this.#language = language;
    this.#limit = limit;
  }

  /** Cues are English: other languages have central statements only. */
  add(sentence: Sentence): void {
    const found = this.#language === "en" ? classify(sentence) : null;
    if (found === null) return;
    this.#found.push(found);
    if (this.#found.length > this.#limit * 20) this.#found = best(this.#found, this.#limit);
  }

  /** The claims in reading order; `central` sentences without a cue count as statements, and central claims count more. */
  claims(central: readonly Sentence[]): Claim[] {
    const isCentral = new Set(central.map((sentence) => sentence.index));
    const known = new Set(this.#found.map(({ sentence }) => sentence.index));
    const statements = central
      .filter((sentence) => !known.has(sentence.index))
      .map((sentence) => asStatement(sentence, this.#language))
      .filter((found) => found !== null);
    const weighed = [...this.#found, ...statements].map((found) =>
      isCentral.has(found.sentence.index)
        ? { ...found, confidence: found.confidence + 0.1 }
        : found,
    );
    return best(weighed, this.#limit)
      .toSorted((a, b) => a.sentence.index - b.sentence.index)
      .map(toClaim);
  }
}

/** The kind of claim the sentence makes by its strongest cue, or null. */
function classify(sentence: Sentence): Found | null {
  const { text } = sentence;
  const factor = quality(sentence, "en");
  if (factor < MIN_QUALITY || /\?["'”’)]?$/.test(text) || HEARSAY.test(text)) return null;
  const plain = text.replace(CONNECTIVE, "");
  const cue = strongestCue(plain);
  // "It will not be easy": alone nobody knows what.
  if (cue === null || leansOnOthers(plain, "en")) return null;
  const hedged = HEDGES.test(text) ? 0.15 : 0;
  const belief = BELIEFS.test(text) ? 0.2 : 0;
  const tied = plain === text ? 0 : 0.2;
  const precise = /\d/.test(text) ? 0.05 : 0;
  const confidence = cue.confidence - hedged - belief - tied + precise;
  return { sentence, type: cue.type, confidence };
}

/** A central sentence that claims something without saying how; what the writer did is no claim. */
function asStatement(sentence: Sentence, language: string): Found | null {
  const factor = quality(sentence, language);
  if (factor < MIN_QUALITY || leansOnOthers(sentence.text, language)) return null;
  if (language === "en" && (/\bI\b/.test(sentence.text) || HEARSAY.test(sentence.text)))
    return null;
  return { sentence, type: "statement", confidence: STATEMENT_CONFIDENCE * Math.min(1, factor) };
}

function best(found: readonly Found[], limit: number): Found[] {
  return found
    .toSorted((a, b) => b.confidence - a.confidence || a.sentence.index - b.sentence.index)
    .slice(0, limit);
}

function toClaim({ sentence, type, confidence }: Found): Claim {
  return {
    statement: standAlone(sentence.text),
    type,
    confidence: Math.round(Math.min(0.95, Math.max(0.1, confidence)) * 100) / 100,
    quote: sentence.text,
    position: fullPosition(sentence),
  };
}

/** Without the word that ties it to the sentence before, capitalised, with a full stop. */
export function standAlone(text: string): string {
  const plain = text.replace(CONNECTIVE, "").replace(/\s*\[\d+(?:[,–-]\s?\d+)*\](?=\.?$|\s)/g, "");
  const capital = plain.replace(/^["'“(]?\p{Ll}/u, (first) => first.toUpperCase());
  return /[.!?。！？…]["'”’)\]]*$/u.test(capital) ? capital : `${capital}.`;
}
