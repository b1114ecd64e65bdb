/** How strongly the words around a name say that it is a person's. Pure. */
import {
  HUMAN_VERBS,
  LEAD_INS,
  PLACE_PREPOSITIONS,
  ROLES,
  SPEECH_VERBS,
} from "../known/cue-words.ts";
import type { Token } from "./tokens.ts";
import type { NameSpan } from "./name-spans.ts";

/** Evidence of one mention: `cues` for a person, `against` 1 when it speaks for a place or a thing. */
export interface Evidence {
  readonly cues: number;
  readonly against: 0 | 1;
}

/** Firms and programs do these things too. */
const HUMAN_VERB = 1;

/** Weighs one mention. Sums of several signs are meant: a role and a verb make a stronger case than either. */
export function weighMention(tokens: readonly Token[], span: NameSpan): Evidence {
  const before = tokens[span.start - 1];
  const after = tokens[span.end];
  const cues =
    (span.titled ? 2 : 0) +
    roleBefore(tokens, span) +
    leadIn(tokens, span, before) +
    verbAfter(tokens, span.end) +
    apposition(tokens, span.end) +
    lifeDates(tokens, span.end);
  // "in Graham's words": a place or a thing has no words.
  const owns = after?.text === "'s" && span.name.includes(" ");
  const against =
    cues === 0 &&
    !owns &&
    (before?.lower === "the" || PLACE_PREPOSITIONS.has(before?.lower ?? "") || after?.text === "&")
      ? 1
      : 0;
  return { cues, against };
}

/** "the economist Adam Smith", "author and investor Naval Ravikant" */
function roleBefore(tokens: readonly Token[], { start, end }: NameSpan): number {
  // "the guide, Anna Kowalska, ...": the comma changes nothing.
  const comma = tokens[start - 1]?.text === "," && /^[,;.]$/.test(tokens[end]?.text ?? "");
  const word = tokens[comma ? start - 2 : start - 1];
  return word !== undefined &&
    !word.capital &&
    ROLES.has(word.lower.replace(/^(?:ex|vice|co)-/, ""))
    ? 2
    : 0;
}

function leadIn(tokens: readonly Token[], { start }: NameSpan, before: Token | undefined): number {
  if (before === undefined) return 0;
  if (before.lower === "to" && tokens[start - 2]?.lower === "according") return 1;
  if (SPEECH_VERBS.has(before.lemma) && before.pos === "VERB") return 1;
  return LEAD_INS.has(before.lower) ? 0.5 : 0;
}

/** "Munger once said", "Yao and his co-authors describe"; adverbs, auxiliaries and company between do not matter. */
function verbAfter(tokens: readonly Token[], end: number): number {
  let at = end + companyLength(tokens, end);
  while (at < end + 3 && /^(?:ADV|AUX)$/.test(tokens[at]?.pos ?? "")) at++;
  const verb = tokens[at];
  if (verb === undefined || !/^(?:VERB|NOUN)$/.test(verb.pos)) return 0;
  if (SPEECH_VERBS.has(verb.lemma) && verb.pos === "VERB") return 1.5;
  return HUMAN_VERBS.has(verb.lemma) && verb.pos === "VERB" ? HUMAN_VERB : 0;
}

/** "and Tversky", "and Amos Tversky", "and his colleagues" */
function companyLength(tokens: readonly Token[], end: number): number {
  if (tokens[end]?.lower !== "and") return 0;
  let at = end + 1;
  if (/^(?:his|her|their)$/.test(tokens[at]?.lower ?? "")) at++;
  const start = at;
  while (at < start + 3 && (tokens[at]?.capital || ROLES.has(singular(tokens[at])))) at++;
  return at > start ? at - end : 0;
}

function singular(token: Token | undefined): string {
  return (token?.lower ?? "").replace(/s$/, "");
}

/** "Munger, who ...", "Munger, the vice-chairman of ...", "Munger, author of ..." */
function apposition(tokens: readonly Token[], end: number): number {
  if (tokens[end]?.lower === "who") return 1;
  if (tokens[end]?.text !== ",") return 0;
  if (tokens[end + 1]?.lower === "who" || tokens[end + 1]?.lower === "whose") return 2;
  for (let at = end + 1; at < end + 7; at++) {
    const token = tokens[at];
    if (token === undefined || /^[,.;:()]$/.test(token.text) || token.pos === "VERB") return 0;
    if (ROLES.has(token.lower.replace(/^(?:ex|vice|co)-/, ""))) return 2;
  }
  return 0;
}

/** "(born 1934)", "(1924-2023)" */
function lifeDates(tokens: readonly Token[], end: number): number {
  if (tokens[end]?.text !== "(") return 0;
  return tokens[end + 1]?.lower === "born" || /^1[5-9]\d\d/.test(tokens[end + 1]?.text ?? "")
    ? 2
    : 0;
}
