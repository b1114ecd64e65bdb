/** What the notes claim, the same statement of several notes told once. Pure. */
import { byName, getOrMake } from "../extract/counter.ts";
import type { NoteClaim } from "../read/claims.ts";
import type { Found, NoteIndex } from "./note-index.ts";

export interface Claim {
  readonly statement: string;
  /** Ids of the notes that make it, in item order. */
  readonly notes: readonly number[];
  /** How much speaks for it, 0 to 1. */
  readonly weight: number;
  readonly evidence: readonly {
    readonly note: number;
    readonly quote: string;
    readonly position: string | number | null;
  }[];
  /** Statements of other claims that cannot be true beside it; found by a language model, so none without one. */
  readonly contradictions: readonly string[];
}

/** No number of recordings makes a claim certain. */
const MAX_WEIGHT = 0.99;
/** Heaviest first, then by statement. */
export function mergeClaims({ claims }: NoteIndex): Claim[] {
  const groups = new Map<string, Found<NoteClaim>[]>();
  for (const claim of claims) {
    getOrMake(groups, statementKey(claim.fact.statement), (): Found<NoteClaim>[] => []).push(claim);
  }
  return [...groups.values()]
    .map(toClaim)
    .sort(
      (a, b) =>
        b.weight - a.weight || b.notes.length - a.notes.length || byName(a.statement, b.statement),
    );
}

/** Without case, forms of letters, quotation marks and what parts or ends a sentence; "C#", "x < 5" and "3.5" stay what they are. */
function words(statement: string): string[] {
  return statement
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’‘"“”«»]/g, "")
    .replace(/[,;:!?…]+|\.(?!\d)/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "" && !/^[–—-]+$/.test(word));
}

/** A statement in a script without such words still is a statement of its own. */
function statementKey(statement: string): string {
  return words(statement).join(" ") || statement;
}

function toClaim(found: readonly Found<NoteClaim>[]): Claim {
  const surestFirst = [...found].sort((a, b) => b.fact.confidence - a.fact.confidence);
  const surest = new Map<number, number>();
  for (const { note, fact } of found)
    surest.set(note, Math.max(surest.get(note) ?? 0, fact.confidence));
  return {
    statement: surestFirst[0]?.fact.statement ?? "",
    notes: [...surest.keys()].sort((a, b) => a - b),
    weight: weigh([...surest.values()]),
    evidence: evidenceOf(found),
    contradictions: [],
  };
}

/** Each quote of a note once, with the place it was first found at. */
function evidenceOf(found: readonly Found<NoteClaim>[]): Claim["evidence"] {
  const first = new Map<string, Claim["evidence"][number]>();
  for (const { note, fact } of found) {
    const key = `${note} ${fact.quote}`;
    if (fact.quote === "" || first.has(key)) continue;
    first.set(key, { note, quote: fact.quote, position: fact.position });
  }
  return [...first.values()];
}

/** Chance that not all notes are wrong, were each right with its own confidence and they knew nothing of each other. */
function weigh(confidences: readonly number[]): number {
  const wrong = confidences.reduce((product, confidence) => product * (1 - confidence), 1);
  return Math.round(Math.min(MAX_WEIGHT, 1 - wrong) * 100) / 100;
}
