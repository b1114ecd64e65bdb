/** English: sentences, stems and noun phrases by wink-nlp. Worker side; loads 5 MB of model. */
import type { ModelCache } from "@knowledge-chipper/plugin-sdk";
import type { WinkMethods } from "wink-nlp";
import type { AnalyzedSentence, Analyzer } from "./analyzer.ts";
import { forWink, hasFiniteVerb, joinHyphenated, tokensOf } from "./english-tokens.ts";
import { isTopical, nounPhrases } from "./noun-phrases.ts";
import { mergeBrokenSentences } from "./sentence-breaks.ts";

/** Memory of the loaded model, measured. */
const MODEL_BYTES = 60_000_000;
/** Longest token: wink's time grows with the square of a token's length, 15 s at 200,000 characters. */
const MAX_TOKEN = 200;
const LONG_TOKEN = new RegExp(`\\S{${MAX_TOKEN}}(?=\\S)`, "g");

/** The analyzer; its model is loaded once for all steps of the worker. */
export async function englishAnalyzer(models: ModelCache): Promise<Analyzer> {
  const nlp = await models.get("wink-eng-lite-web-model:sbd,pos", MODEL_BYTES, async () => {
    const [{ default: winkNLP }, { default: model }] = await Promise.all([
      import("wink-nlp"),
      import("wink-eng-lite-web-model"),
    ]);
    return { model: winkNLP(model, ["sbd", "pos"]) };
  });
  return { language: "en", analyze: (text, oneSentence) => analyze(nlp, text, oneSentence) };
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
