/** Claims of one item from its YAML: `{ claims: [{ statement, type, confidence, quote, position }] }`. Pure. */
import { parse } from "yaml";
import { clip } from "../extract/clip.ts";

/** One claim as a note makes it. */
export interface NoteClaim {
  readonly statement: string;
  /** How sure the source of the claim is, 0 to 1. */
  readonly confidence: number;
  readonly quote: string;
  /** Where it stands (seconds, offset or text, as the summary gave it), or null. */
  readonly position: string | number | null;
}

const MAX_CLAIMS = 500;
const WORDS: Readonly<Record<string, number>> = { high: 0.9, medium: 0.6, moderate: 0.6, low: 0.3 };
const UNSAID = 0.5;

/** The claims, or null when the text is not such a document. Entries without a statement are left out. */
export function readClaims(yaml: string): NoteClaim[] | null {
  let data: unknown;
  try {
    data = parse(yaml, { logLevel: "silent" });
  } catch {
    return null;
  }
  if (data === null || data === undefined || isMap(data)) return [];
  const claims: unknown = typeof data === "object" ? Reflect.get(data, "claims") : undefined;
  if (claims === null) return [];
  if (!Array.isArray(claims)) return null;
  return claims.slice(0, MAX_CLAIMS).flatMap(readClaim);
}

/** The claims.yaml that an earlier run made of other files' claims. */
function isMap(data: unknown): boolean {
  const metadata: unknown = typeof data === "object" ? Reflect.get(data ?? {}, "metadata") : null;
  return typeof metadata === "object" && metadata !== null && "total_claims" in metadata;
}

function readClaim(claim: unknown): NoteClaim[] {
  if (typeof claim !== "object" || claim === null) return [];
  const field = (name: string): unknown => Reflect.get(claim, name);
  const statement = oneLine(field("statement"), 1000);
  if (statement === "") return [];
  const position = field("position");
  return [
    {
      statement,
      confidence: confidence(field("confidence")),
      quote: oneLine(field("quote"), 400),
      position:
        typeof position === "number" && Number.isFinite(position)
          ? position
          : oneLine(position, 100) || null,
    },
  ];
}

function confidence(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return Math.min(1, Math.max(0, value));
  return (typeof value === "string" ? WORDS[value.toLowerCase()] : undefined) ?? UNSAID;
}

function oneLine(value: unknown, max: number): string {
  return typeof value === "string" ? clip(value.replace(/[\s\p{Cc}]+/gu, " ").trim(), max) : "";
}
