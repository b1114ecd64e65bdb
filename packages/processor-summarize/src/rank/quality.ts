/** How well a sentence stands alone: what makes one read badly in a summary, or announces that it matters. Pure. */
import { BELIEFS, HEARSAY, strongestCue } from "../claims/cues.ts";
import type { Sentence } from "./sentence.ts";

/** Sentences that lean on the one before, by their first word. */
const LEANING: Readonly<Record<string, RegExp>> = {
  en: /^(?:["'“(]?)(?:this|that|these|those|it|its|he|she|they|them|his|her|their|there|here|such|both|another|others?|but|and|or|so|yet|nor|then|thus|hence|however|therefore|instead|otherwise|moreover|furthermore|also|besides|meanwhile|still|again|similarly|likewise|consequently|accordingly|conversely|after that|for example|for instance|in contrast|in addition|in this|in that|on the other hand|the (?:former|latter|same|other|second|third))\b/i,
  de: /^(?:["„»(]?)(?:dies\w{0,2}|das|jene\w?|er|sie|es|ihr\w*|sein\w*|aber|und|oder|doch|denn|dann|damit|dadurch|daher|deshalb|deswegen|dabei|dazu|darum|danach|jedoch|allerdings|außerdem|auch|so|also|hier|dort|zum beispiel|ebenso|trotzdem)(?=\s|,)/i,
  fr: /^(?:["«(]?\s?)(?:ce(?:la|ci|tte|t|s)?|c'|il|elle|ils|elles|mais|et|ou|donc|or|car|ainsi|cependant|pourtant|puis|alors|ensuite|par exemple|de plus)(?=\s|,|')/i,
  es: /^(?:["«(]?)(?:est[eoa]s?|es[eoa]s?|él|ella|ellos|ellas|pero|y|o|así|entonces|sin embargo|además|por ejemplo|también|luego)(?=\s|,)/i,
};
/** Pronouns that hang in the air when their noun stands in another sentence. */
const DANGLING = /\b(?:he|she|him|his|her|they|them|their|it|its|this|these|those|otherwise)\b/i;
/** Talk about the talk. */
const CHATTER =
  /^(?:dear\b|you (?:asked|told|said|wrote|know)\b)|\b(?:thank you|thanks (?:to|for)|welcome to|good (?:morning|afternoon|evening)|see you|next slide|let me|let's|i'?m going to|i want to|we will look|as (?:mentioned|described|shown|noted) (?:above|below|earlier|before)|looking forward|click|subscribe|figure \d|table \d|see (?:also|section|chapter|page)|all rights reserved|copyright)\b/i;
/** A sentence with a claim says more than one without: up to this much. */
const CLAIM_BONUS = 0.6;
/** Sentences that say what matters. */
const WEIGHTY =
  /\b(?:in (?:short|summary|conclusion|essence|a word|other words)|to (?:sum up|summari[sz]e|conclude)|the (?:key|main|central|core|real|crucial|most important|fundamental) (?:\w+ )?(?:is|was|are|were|point|idea|lesson|question|finding|result|insight|problem|reason|difference)|most important(?:ly)?|we (?:found|find|show|conclude|propose|argue|learned|decided|agreed)|the lesson)\b|\b(?:zusammenfassend|entscheidend|wichtig(?:ste)?|kurz gesagt|en résumé|l'essentiel|en resumen|lo importante)\b/i;

/** Factor by which a sentence's centrality counts, 0 (never show it) to about 1.3. */
export function quality(sentence: Sentence, language: string): number {
  const { text, words } = sentence;
  let factor = lengthFactor(words, text);
  if (sentence.terms.length < 2) factor *= 0.3;
  if (/[?？]["'”’)]?$/u.test(text)) factor *= 0.3;
  if (/[:,;]$/.test(text)) factor *= 0.2;
  else if (!/[.!。！…]["'”’)\]]*$/u.test(text)) factor *= 0.7;
  if (!isBalanced(text)) factor *= 0.5;
  if (leansOnOthers(text, language)) factor *= 0.4;
  if (figureShare(text) > 0.25) factor *= 0.3;
  if (language === "en") factor *= englishFactor(sentence);
  if (WEIGHTY.test(text)) factor *= 1.25;
  return factor;
}

/** Does its first word tie it to the sentence before? */
export function leansOnOthers(text: string, language: string): boolean {
  return LEANING[language]?.test(text) ?? false;
}

function englishFactor({ text, isClause }: Sentence): number {
  let factor = 1 + CLAIM_BONUS * (strongestCue(text)?.confidence ?? 0);
  if (!isClause) factor *= 0.3;
  if (BELIEFS.test(text) || HEARSAY.test(text)) factor *= 0.6;
  if (CHATTER.test(text)) factor *= 0.35;
  if (DANGLING.test(text.slice(0, 60))) factor *= 0.85;
  if (/\b(?:I|I'm|I've|me|my)\b/.test(text)) factor *= 0.6;
  return factor;
}

/** Full from 12 to 35 words; longer ones are hard to read, shorter ones say little. */
function lengthFactor(words: number, text: string): number {
  if (
    !/\p{L}/u.test(text) ||
    /\S{100}/.test(text.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, " "))
  )
    return 0;
  if (words < 4) return 0.1;
  if (words < 12) return 0.2 + (words - 3) * 0.09;
  if (words <= 35) return 1;
  return words <= 60 ? 1 - (words - 35) * 0.024 : 0.15;
}

/** Quotes and brackets that open also close. */
function isBalanced(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  if (count(/[([]/g) !== count(/[)\]]/g)) return false;
  return count(/"/g) % 2 === 0 && Math.abs(count(/“/g) - count(/”/g)) === 0;
}

/** Share of digits and signs among the characters. */
function figureShare(text: string): number {
  return (text.match(/[\d|=+*/\\<>{}#@_~^]/g)?.length ?? 0) / Math.max(1, text.length);
}
