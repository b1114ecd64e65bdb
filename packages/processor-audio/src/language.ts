/** Settles the language of a transcript as a code. Shared, pure. */

/** What was asked for, else what most pieces were heard as, else `auto`. */
export function settleLanguage(asked: string, heard: readonly (string | null)[]): string {
  if (asked !== "auto") return asked.toLowerCase();
  const counts = new Map<string, number>();
  for (const name of heard) {
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  let best: string | undefined;
  for (const [name, count] of counts) {
    if (best === undefined || count > (counts.get(best) ?? 0)) best = name;
  }
  return best === undefined ? "auto" : languageCode(best);
}

/** `english` -> `en`: some servers answer with the English name. Anything unknown is kept, in lower case. */
function languageCode(name: string): string {
  const wanted = name.trim().toLowerCase();
  if (wanted.length <= 3) return wanted;
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
  const code = twoLetterCodes().find((each) => names.of(each)?.toLowerCase() === wanted);
  return code ?? wanted;
}

function twoLetterCodes(): string[] {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  return letters.flatMap((first) => letters.map((second) => first + second));
}
