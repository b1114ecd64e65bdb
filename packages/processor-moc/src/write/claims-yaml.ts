/** claims.yaml: one document, written piece by piece so that 100,000 claims do not become one string. Pure generator. */
import { stringify } from "yaml";
import type { Claim } from "../join/claims.ts";
import type { NoteRef } from "../join/note-index.ts";

/**
 * All text is quoted: a bare `yes`, `12:30`, `=` or `<<` is something else to readers of YAML 1.1 (PyYAML, Obsidian plugins).
 * The library's own `version: "1.1"` quotes most of these, but leaves `<<` bare.
 */
const STYLE = {
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
  lineWidth: 0,
  indentSeq: false,
} as const;
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
    yield escapeInvisible(stringify(piece, STYLE));
  }
  const metadata = { generated_at: date, source_files: notes.length, total_claims: claims.length };
  yield stringify({ metadata }, STYLE);
}

/** Characters that other readers refuse or take for line ends; all text is in double quotes, so they can be escaped. */
function escapeInvisible(yaml: string): string {
  return yaml.replace(
    /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
