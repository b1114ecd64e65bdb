/** File names of pages: legal on every system, good in a wikilink, no two alike but for case. Pure. */
import { getOrMake } from "../extract/counter.ts";
import { canBeWikilink } from "./links.ts";
import { capitalised } from "./map-page.ts";

export type PageKind = "person" | "model" | "term";

export interface Named {
  readonly name: string;
  readonly kind: PageKind;
}

const MAX_BYTES = 150;
/** Devices of Windows, whatever the extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Stems by entity, in the same order. A name depends on the entities of like name alone, never on an order: another note does not
 * rename what it does not mention. `taken` are stems that lie beside the pages.
 */
export function pageNames(entities: readonly Named[], taken: readonly string[]): string[] {
  const plain = entities.map(({ name }) => legalStem(capitalised(name)));
  const used = new Set(taken.map(fold));
  const alike = countsOf(plain);
  const withKind = plain.map((stem, i) =>
    used.has(fold(stem)) || (alike.get(fold(stem)) ?? 0) > 1
      ? `${stem} (${entities[i]?.kind ?? "term"})`
      : stem,
  );
  const stillAlike = countsOf(withKind);
  return withKind.map((stem, i) =>
    (stillAlike.get(fold(stem)) ?? 0) > 1 ? `${stem} ${digest(entities[i])}` : stem,
  );
}

function legalStem(name: string): string {
  const stem = name
    .normalize("NFC")
    .toWellFormed()
    .replace(/[*"\\/<>:|?[\]#^%{}$`~=&;]|[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, " ")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  const short = cutToBytes(stem, MAX_BYTES).replace(/[\s.]+$/, "");
  const safe = RESERVED.test(short) ? `${short} -` : short;
  return safe !== "" && canBeWikilink(`${safe}.md`)
    ? safe
    : `Page ${digest({ name, kind: "term" })}`;
}

function countsOf(stems: readonly string[]): Map<string, number> {
  const counts = new Map<string, { number: number }>();
  for (const stem of stems) getOrMake(counts, fold(stem), () => ({ number: 0 })).number += 1;
  return new Map([...counts].map(([stem, { number }]) => [stem, number]));
}

/** What file systems that do not tell case apart make of a name. */
function fold(stem: string): string {
  return stem.normalize("NFC").toUpperCase().toLowerCase();
}

function digest(entity: Named | undefined): string {
  const text = `${entity?.kind} ${entity?.name}`;
  return new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 6);
}

function cutToBytes(text: string, most: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > most) cut = Array.from(cut).slice(0, -1).join("");
  return cut;
}
