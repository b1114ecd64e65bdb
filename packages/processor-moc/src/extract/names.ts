/** Collects the names of one text that may be people's, with the evidence. Pure. */
import { getOrMake } from "./counter.ts";
import type { Language, Sentence } from "./language.ts";
import { lowerCaseNames } from "./lower-case-names.ts";
import { weighMention } from "./name-cues.ts";
import { nameSpans } from "./name-spans.ts";
import type { NameFact } from "./note-facts.ts";
import { addPlace } from "./places.ts";
import type { Place } from "../read/passage.ts";

const MAX_NAMES = 250;
/** What a speaker's label is worth: more than any cue. */
const SPEAKER = 3;

export interface NameCollector {
  add(sentence: Sentence): void;
  addSpeaker(name: string): void;
  facts(): NameFact[];
}

interface Seen {
  mentions: number;
  cues: number;
  against: number;
  readonly places: Place[];
}

/** @param lowerCase the text has no capitals to go by (speech recognition often writes none) */
export function nameCollector(language: Language, lowerCase: boolean): NameCollector {
  const seen = new Map<string, Seen>();
  const find = lowerCase ? lowerCaseNames : nameSpans;
  /** The only person of the sentence before, to whom "He said" refers. */
  let last: Seen | null = null;

  const note = (name: string): Seen =>
    getOrMake(seen, name, () => ({ mentions: 0, cues: 0, against: 0, places: [] }));

  return {
    add({ tokens, heading, place }) {
      if (heading) {
        last = null;
        return;
      }
      const opening = tokens.find((token) => token.word);
      if (last !== null && opening !== undefined && /^(?:he|she)$/.test(opening.lower))
        last.cues += 1;
      const inSentence = new Set<Seen>();
      for (const span of find(tokens, language)) {
        const entry = note(span.name);
        const evidence = weighMention(tokens, span);
        entry.mentions += 1;
        entry.cues += evidence.cues;
        entry.against += evidence.against;
        addPlace(entry.places, place);
        inSentence.add(entry);
      }
      const [only] = inSentence;
      last = inSentence.size === 1 ? (only ?? null) : null;
    },
    addSpeaker(name) {
      note(name).cues += SPEAKER;
    },
    facts() {
      return [...seen]
        .map(([name, seen]): NameFact => [
          name,
          seen.mentions,
          seen.cues,
          seen.against,
          seen.places,
        ])
        .sort((a, b) => b[1] + b[2] - (a[1] + a[2]))
        .slice(0, MAX_NAMES);
    },
  };
}

/** Whether fewer than one word in a hundred begins with a capital: such a text marks no names. */
export function hasNoCapitals(passages: readonly { readonly text: string }[]): boolean {
  let words = 0;
  let capitals = 0;
  for (const { text } of passages.slice(0, 200)) {
    words += text.match(/(?<![\p{L}'’])\p{L}+/gu)?.length ?? 0;
    capitals += text.match(/(?<![\p{L}'’])\p{Lu}\p{Ll}/gu)?.length ?? 0;
  }
  return words > 20 && capitals * 100 < words;
}
