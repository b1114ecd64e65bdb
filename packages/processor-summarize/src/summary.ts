/** A finished summary, whoever made it, and how long each length is. Shared, pure. */
import type { PlainData } from "@knowledge-chipper/plugin-sdk";
import type { Claim } from "./claims/find-claims.ts";
import type { NoteContent, NoteFacts } from "./write/summary-note.ts";

export interface Summary extends Pick<
  NoteFacts,
  "model" | "template" | "tokens" | "cost" | "isCut"
> {
  readonly content: NoteContent;
  readonly claims: readonly Claim[];
  /** Further facts for later stages and analytics. */
  readonly meta: { readonly [key: string]: PlainData };
}

/** Sentences of the overview, key points and claims of each length. */
export const COUNTS = {
  short: { overview: 2, points: 3, claims: 10 },
  medium: { overview: 3, points: 6, claims: 20 },
  long: { overview: 5, points: 12, claims: 40 },
} as const;
