/** Chooses keywords: phrases that come back, in many places, and are no part of longer ones. Pure. */
import type { Phrase, PhraseKind } from "../language/analyzer.ts";
import type { Sentence } from "./sentence.ts";

interface Tally {
  readonly words: number;
  readonly labels: Map<string, number>;
  readonly kinds: Record<PhraseKind, number>;
  readonly sections: Set<number>;
  count: number;
}

/** Phrases kept in memory; beyond it those seen once are forgotten. */
const MAX_TALLIES = 50_000;
/** Sentences from which one mention of a common phrase makes no keyword, and from which one mention of anything does not. */
const SHORT_TEXT = 12;
const LONG_TEXT = 100;
/** How much longer phrases count: they say more. */
const LENGTH_FACTORS = [0, 1, 2, 2.4, 2.4];
const KIND_FACTORS: Readonly<Record<PhraseKind, number>> = { name: 1.25, compound: 1.1, other: 1 };

/** Counts phrases sentence by sentence. */
export class KeywordCounter {
  readonly #tallies = new Map<string, Tally>();
  #sentences = 0;

  add(sentence: Sentence): void {
    this.#sentences += 1;
    for (const phrase of sentence.phrases) this.#count(phrase, sentence.section);
    if (this.#tallies.size <= MAX_TALLIES) return;
    for (const [key, { count }] of this.#tallies) if (count === 1) this.#tallies.delete(key);
  }

  /** The best `count` keywords, best first; a phrase that stands in `titles` or in the `summary` counts more. */
  best(count: number, titles: string, summary: string): string[] {
    mergeSurnames(this.#tallies);
    const alone = countsAlone(this.#tallies);
    const title = titles.toLowerCase();
    const chosenText = summary.toLowerCase();
    const scored = [...this.#tallies]
      .map(([key, tally]) => {
        const label = mostUsed(tally.labels);
        const uses = tally.words === 1 ? (alone.get(key) ?? 0) : tally.count;
        const inTitle = title.includes(label.toLowerCase());
        const inSummary = chosenText.includes(label.toLowerCase());
        const bonus = (inTitle ? 1.6 : 1) * (inSummary ? 1.3 : 1);
        const isRare = tally.count < (inTitle ? 1 : this.#leastCount(tally));
        return { key, label, score: isRare ? 0 : scoreOf(tally, uses) * bonus };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (a.label < b.label ? -1 : 1));

    const chosen: { key: string; label: string }[] = [];
    for (const { key, label } of scored) {
      if (chosen.length >= count) break;
      if (!chosen.some((each) => contains(each.key, key) || contains(key, each.key))) {
        chosen.push({ key, label });
      }
    }
    return chosen.map((each) => each.label);
  }

  #leastCount(tally: Tally): number {
    const kind = kindOf(tally);
    const isTelling = kind === "compound" || (kind === "name" && tally.words > 1);
    return this.#sentences > (isTelling ? LONG_TEXT : SHORT_TEXT) ? 2 : 1;
  }

  #count({ key, label, words, kind }: Phrase, section: number): void {
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      const kinds = { name: 0, compound: 0, other: 0 };
      tally = { words, labels: new Map(), kinds, sections: new Set(), count: 0 };
      this.#tallies.set(key, tally);
    }
    tally.count += 1;
    tally.kinds[kind] += 1;
    tally.sections.add(section);
    tally.labels.set(label, (tally.labels.get(label) ?? 0) + 1);
  }
}

/** `Kahneman` alone is Daniel Kahneman, if he is the only one of that name. */
function mergeSurnames(tallies: Map<string, Tally>): void {
  const byLastWord = new Map<string, Tally[]>();
  for (const [key, tally] of tallies) {
    if (tally.words < 2 || kindOf(tally) !== "name") continue;
    const last = key.slice(key.lastIndexOf(" ") + 1);
    byLastWord.set(last, [...(byLastWord.get(last) ?? []), tally]);
  }
  for (const [surname, [full, ...others]] of byLastWord) {
    const single = tallies.get(surname);
    if (single === undefined || full === undefined || others.length > 0) continue;
    full.count += single.count;
    tallies.delete(surname);
  }
}

/** Uses of each word outside of longer phrases that come back. */
function countsAlone(tallies: ReadonlyMap<string, Tally>): Map<string, number> {
  const alone = new Map([...tallies].map(([key, { count }]) => [key, count]));
  for (const [key, { words, count }] of tallies) {
    if (words === 1 || count < 2) continue;
    for (const part of key.split(" ")) alone.set(part, (alone.get(part) ?? 0) - count);
  }
  return alone;
}

/** Grows with uses, ever more slowly: the tenth mention says less than the second. */
function scoreOf(tally: Tally, uses: number): number {
  const length = LENGTH_FACTORS[Math.min(tally.words, LENGTH_FACTORS.length - 1)] ?? 1;
  const spread = 1 + 0.4 * Math.log(tally.sections.size);
  return Math.max(0, uses) ** 0.7 * length * spread * KIND_FACTORS[kindOf(tally)];
}

function kindOf({ kinds, count }: Tally): PhraseKind {
  if (kinds.name * 2 > count) return "name";
  return kinds.compound * 2 > count ? "compound" : "other";
}

function contains(outer: string, inner: string): boolean {
  return ` ${outer} `.includes(` ${inner} `);
}

/** The way it is written most often; of equals the first in the alphabet. */
function mostUsed(labels: ReadonlyMap<string, number>): string {
  let best = "";
  let most = 0;
  for (const [label, count] of labels) {
    if (count > most || (count === most && label < best)) [best, most] = [label, count];
  }
  return best;
}
