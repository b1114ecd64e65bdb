/** The facts of one note: reads its passages once, sentence by sentence. Worker side; CPU only, gives way between passages. */
import type { Passage } from "../read/passage.ts";
import type { NoteText } from "../read/note-text.ts";
import { asTag } from "../read/tag-syntax.ts";
import { clip } from "./clip.ts";
import { count } from "./counter.ts";
import { jargonCollector } from "./jargon.ts";
import type { Language } from "./language.ts";
import { modelCollector } from "./models.ts";
import { hasNoCapitals, nameCollector } from "./names.ts";
import type { JargonFact, ModelFact, NameFact, NoteFacts, TagFact } from "./note-facts.ts";
import { termCounter } from "./terms.ts";

const MAX_TAGS = 100;
const MAX_KEYWORDS = 30;

/**
 * @param withPlaces keeps where names, models and terms stand, for pages that link there
 * @param breathe called often; awaits let heartbeats through, and it throws when the step is to stop
 */
export async function extractFacts(
  source: string,
  note: NoteText,
  language: Language,
  withPlaces: boolean,
  breathe: () => Promise<void>,
): Promise<NoteFacts> {
  const terms = termCounter(language.stopWords);
  const read = async (passages: readonly Passage[], speakers: readonly string[]) => {
    const names = nameCollector(language, hasNoCapitals(passages));
    const models = modelCollector();
    const jargon = jargonCollector((word) => language.isEverydayWord(word));
    for (const speaker of speakers) names.addSpeaker(speaker);
    for (const passage of passages) {
      await breathe();
      const { text, heading } = passage;
      for (const sentence of language.sentences(withPlaces ? passage : { text, heading })) {
        terms.add(sentence);
        names.add(sentence);
        models.add(sentence);
        jargon.add(sentence);
      }
    }
    return {
      names: names.facts(),
      models: models.facts(),
      jargon: jargon.facts(phraseCounter(passages)),
    };
  };
  const main = await read(note.main, note.speakers);
  const summary = await read(note.summary, []);
  const claims = await read(
    note.main.length + note.summary.length > 0 ? [] : claimPassages(note),
    [],
  );

  return {
    source,
    title: clip(note.title.replace(/\s+/g, " ").trim(), 200),
    target: note.target,
    files: withPlaces ? note.files : {},
    terms: terms.facts(),
    names: unite<NameFact>([main.names, summary.names, claims.names], ([name]) => name),
    tags: tagFacts(note.tags),
    keywords: [...new Set(note.keywords)].slice(0, MAX_KEYWORDS).map((word) => clip(word, 60)),
    models: unite<ModelFact>([main.models, summary.models, claims.models], ({ name }) => name),
    jargon: unite<JargonFact>([main.jargon, summary.jargon, claims.jargon], ({ term }) => term),
    claims: note.claims,
  };
}

/** A summary repeats its source: of the same thing in several texts the first stays, so nothing is counted twice. */
function unite<Fact>(texts: readonly (readonly Fact[])[], keyOf: (fact: Fact) => string): Fact[] {
  const first = new Map<string, Fact>();
  for (const fact of texts.flat()) {
    const key = keyOf(fact).toLowerCase();
    if (!first.has(key)) first.set(key, fact);
  }
  return [...first.values()];
}

/** Where an item has claims and nothing else (a PDF whose summary is gone), they are its text. */
function claimPassages({ claims }: NoteText): Passage[] {
  return claims.map(({ statement }) => ({ text: statement, heading: false }));
}

function tagFacts(tags: readonly string[]): TagFact[] {
  const counts = new Map<string, number>();
  for (const written of tags) {
    const tag = asTag(written);
    if (tag !== null) count(counts, tag);
  }
  return [...counts].slice(0, MAX_TAGS);
}

/** Counts a phrase in the text, whatever its case. */
function phraseCounter(passages: readonly Passage[]): (phrase: string) => number {
  let text: string | null = null;
  return (phrase) => {
    text ??= passages.map((passage) => passage.text.toLowerCase()).join("\n");
    return text.split(phrase.toLowerCase()).length - 1;
  };
}
