/** Estimates how many tokens a text is for a model we do not have here. Pure. */

/** Characters of a token in scripts with an alphabet; prose in English has 4.5 to 5. */
const PER_TOKEN = 3.5;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;
const OTHER =
  /[^\p{ASCII}\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;

/** Rather too many than too few: what does not fit in a model's window is silently cut off by some servers. */
export function estimateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  const other = text.match(OTHER)?.length ?? 0;
  const plain = text.length - wide - other;
  return Math.ceil(plain / PER_TOKEN + wide * 1.2 + other * 0.7);
}
