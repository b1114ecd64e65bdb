/** claims.yaml: one document, written piece by piece so that 100,000 claims do not become one string. Pure generator. */
import type { Claim } from "../join/claims.ts";
import type { NoteRef } from "../join/note-index.ts";
import { quotedYaml } from "./quoted-yaml.ts";

const CLAIMS_A_PIECE = 100;

export function* claimsYaml(
  claims: readonly Claim[],
  notes: readonly NoteRef[],
  date: string,
): Generator<string> {
  yield `# Generated from ${notes.length} source ${notes.length === 1 ? "file" : "files"} on ${date}\n`;
  yield claims.length === 0 ? "claims: []\n" : "claims:\n";
  for (let from = 0; from < claims.length; from += CLAIMS_A_PIECE) {
    const piece = claims.slice(from, from + CLAIMS_A_PIECE).map((claim) => entry(claim, notes));
    yield quotedYaml(piece);
  }
  const metadata = { generated_at: date, source_files: notes.length, total_claims: claims.length };
  yield quotedYaml({ metadata });
}

/** Notes go by the path of their source: titles are not unique. */
function entry(claim: Claim, notes: readonly NoteRef[]) {
  const sourceOf = (id: number): string => notes[id]?.source ?? "";
  return {
    statement: claim.statement,
    sources: claim.notes.map(sourceOf),
    epistemic_weight: claim.weight,
    supporting_evidence: claim.evidence.map(({ note, quote, position }) => ({
      source: sourceOf(note),
      quote,
      ...(position === null ? {} : { position }),
    })),
    contradictions: [...claim.contradictions],
  };
}
