/** English: sentences, stems and noun phrases by wink-nlp. Worker side; loads 5 MB of model. */
import type { WinkMethods } from "wink-nlp";
import type { AnalyzedSentence, Analyzer } from "./analyzer.ts";
import { forWink, hasFiniteVerb, joinHyphenated, tokensOf } from "./english-tokens.ts";
import { isTopical, nounPhrases } from "./noun-phrases.ts";
import { mergeBrokenSentences } from "./sentence-breaks.ts";

/** Longest token: wink's time grows with the square of a token's length, 15 s at 200,000 characters. */
const MAX_TOKEN = 200;
const LONG_TOKEN = new RegExp(`\\S{${MAX_TOKEN}}(?=\\S)`, "g");

let loading: Promise<WinkMethods> | undefined;

/**
 * The analyzer. Its model is loaded once and stays: wink-eng-lite-web-model 1.8.1 doubles a string of its own each time it is
 * instantiated, and the 22nd instance of a process runs out of memory.
 */
export async function englishAnalyzer(): Promise<Analyzer> {
  const nlp = await (loading ??= loadWink());
  return { language: "en", analyze: (text, oneSentence) => analyze(nlp, text, oneSentence) };
}

async function loadWink(): Promise<WinkMethods> {
  const [{ default: winkNLP }, { default: model }] = await Promise.all([
    import("wink-nlp"),
    import("wink-eng-lite-web-model"),
  ]);
  return winkNLP(model, ["sbd", "pos"]);
}

function analyze(nlp: WinkMethods, raw: string, oneSentence: boolean): AnalyzedSentence[] {
  const text = raw.replace(LONG_TOKEN, "$& ");
  const doc = nlp.readDoc(forWink(text));
  const tokens = tokensOf(nlp, doc, text);
  const spans: number[][] = oneSentence
    ? [[0, tokens.length - 1]]
    : // The types of wink-nlp say string for everything that goes out.
      (doc.sentences().out(nlp.its.span) as unknown as number[][]);
  const sentences = spans.map(([first = 0, last = -1]) => {
    const own = joinHyphenated(tokens.slice(first, last + 1), text);
    const start = own[0]?.start ?? 0;
    return {
      text: text.slice(start, own.at(-1)?.end ?? start),
      start,
      words: own.filter((token) => token.isWord).length,
      isClause: hasFiniteVerb(own),
      terms: own.filter(isTopical).map((token) => token.stem),
      phrases: nounPhrases(own),
    };
  });
  return mergeBrokenSentences(sentences, text, "en");
}
