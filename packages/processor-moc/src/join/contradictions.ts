/** Pairs of claims that speak of the same things, for a language model to judge, and what came of it. Pure. */
import { byName, count, getOrMake } from "../extract/counter.ts";
import type { Claim } from "./claims.ts";

type Pair = readonly [string, string];

/** A word in more claims than this tells nothing about what a claim speaks of. */
const MAX_CLAIMS_A_WORD = 40;
/** Pairs that are judged: those with most words in common. */
const MAX_PAIRS = 300;
const SHARED = 2;

/** Statements with words in common, most of them first; looks only at claims that share a word, so not at all pairs. */
export function likelyPairs(claims: readonly Claim[]): Pair[] {
  const byWord = new Map<string, number[]>();
  const words = claims.map(({ statement }) => contentWords(statement));
  words.forEach((all, i) => {
    for (const word of all) getOrMake(byWord, word, (): number[] => []).push(i);
  });
  const shared = new Map<string, number>();
  for (const members of byWord.values()) {
    if (members.length > MAX_CLAIMS_A_WORD) continue;
    members.forEach((a, at) => {
      for (const b of members.slice(at + 1)) count(shared, `${a} ${b}`);
    });
  }
  return [...shared]
    .filter(([, times]) => times >= SHARED)
    .sort((a, b) => b[1] - a[1] || byName(a[0], b[0]))
    .slice(0, MAX_PAIRS)
    .map(([key]): Pair => {
      const [a = 0, b = 0] = key.split(" ").map(Number);
      return [claims[a]?.statement ?? "", claims[b]?.statement ?? ""];
    });
}

/** The claims, each with the statements that contradict it. */
export function withContradictions(claims: readonly Claim[], pairs: readonly Pair[]): Claim[] {
  const against = new Map<string, string[]>();
  for (const [a, b] of pairs) {
    getOrMake(against, a, (): string[] => []).push(b);
    getOrMake(against, b, (): string[] => []).push(a);
  }
  return claims.map((claim) => ({
    ...claim,
    contradictions: (against.get(claim.statement) ?? []).toSorted(byName),
  }));
}

function contentWords(statement: string): Set<string> {
  const words = statement.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return new Set(words.map((word) => word.replace(/(?:ing|ed|es|s)$/, "")));
}
