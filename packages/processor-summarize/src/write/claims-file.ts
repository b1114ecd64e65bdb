/** Writes the claims as YAML that the Map of Content and other programs read. Pure. */
import { stringify } from "yaml";
import type { Claim } from "../claims/find-claims.ts";

/** The file's content; an empty list when the source claims nothing. */
export function claimsFile(sourceFile: string, claims: readonly Claim[]): string {
  return stringify({ source_file: sourceFile, claims }, { version: "1.1", lineWidth: 0 });
}
