/** Shortens text for people. Pure. */

/** Some `max` characters of the text around `part`, cut at words. */
export function excerpt(text: string, part: string, max: number): string {
  const at = text.toLowerCase().indexOf(part.toLowerCase());
  if (text.length <= max || at + part.length < max * 0.8) return clip(text, max);
  const from = text.indexOf(" ", Math.max(0, at - Math.floor(max * 0.5))) + 1;
  return from > at || from === 0
    ? clip(text.slice(at), max)
    : `…${clip(text.slice(from), max - 1)}`;
}

/** At most `max` characters, cut at a space where one is near, with an ellipsis; never through a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const space = text.lastIndexOf(" ", max - 1);
  const end = space > max * 0.6 ? space : max - 1;
  return `${text
    .slice(0, end)
    .replace(/[\uD800-\uDBFF]$/, "")
    .replace(/[\s,;:–-]+$/, "")}…`;
}
