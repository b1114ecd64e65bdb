/** Collects the mental models one text names. Pure. */
import { excerpt } from "./clip.ts";
import { getOrMake } from "./counter.ts";
import { guessedModelAt } from "./guessed-models.ts";
import { knownModelAt } from "./known-models.ts";
import type { Sentence } from "./language.ts";
import type { ModelFact } from "./note-facts.ts";
import { addPlace } from "./places.ts";
import { textOf } from "./tokens.ts";
import type { Place } from "../read/passage.ts";

const MAX_MODELS = 60;
const MAX_CONTEXT = 220;

type Origin = ModelFact["origin"];

export interface ModelCollector {
  add(sentence: Sentence): void;
  /** In order of first mention. */
  facts(): ModelFact[];
}

export function modelCollector(): ModelCollector {
  const found = new Map<
    string,
    { mentions: number; context: string; origin: Origin; places: Place[] }
  >();
  const note = (
    name: string,
    as: string,
    { text, heading, place }: Sentence,
    origin: Origin,
  ): void => {
    const entry = getOrMake(found, name, () => ({ mentions: 0, context: "", origin, places: [] }));
    entry.mentions += 1;
    addPlace(entry.places, place);
    if (!heading && entry.context === "") entry.context = excerpt(text, as, MAX_CONTEXT);
  };

  return {
    add(sentence) {
      const { tokens } = sentence;
      for (let i = 0; i < tokens.length; i++) {
        const known = knownModelAt(tokens, i);
        if (known !== null) {
          note(known.name, textOf(tokens.slice(i, known.end)), sentence, "known");
          i = known.end - 1;
          continue;
        }
        const guess = sentence.heading ? null : guessedModelAt(tokens, i);
        if (guess !== null) note(guess.name, guess.name, sentence, guess.origin);
      }
    },
    facts() {
      return [...found].slice(0, MAX_MODELS).map(([name, facts]) => ({ name, ...facts }));
    },
  };
}
