/** Words that carry no topic, by language; loaded when first asked for. Worker side, pure. */

let lists: Promise<Readonly<Record<string, ReadonlySet<string>>>> | undefined;

/** Lists by ISO 639-1 code, all words lower-case. A language that is not in it has no list. */
export function stopWordLists(): Promise<Readonly<Record<string, ReadonlySet<string>>>> {
  return (lists ??= load());
}

async function load(): Promise<Readonly<Record<string, ReadonlySet<string>>>> {
  const words = await import("stopword");
  const byCode: Readonly<Record<string, readonly string[]>> = {
    da: words.dan,
    de: words.deu,
    en: words.eng,
    es: words.spa,
    fi: words.fin,
    fr: words.fra,
    hu: words.hun,
    it: words.ita,
    ja: words.jpn,
    nb: words.nob,
    nl: words.nld,
    pl: words.pol,
    pt: words.por,
    ro: words.ron,
    ru: words.rus,
    sv: words.swe,
    tr: words.tur,
    uk: words.ukr,
    zh: words.zho,
  };
  return Object.fromEntries(
    Object.entries(byCode).map(([code, list]) => [
      code,
      new Set(list.map((word) => word.toLowerCase())),
    ]),
  );
}
