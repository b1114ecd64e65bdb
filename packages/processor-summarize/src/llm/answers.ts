/** The forms in which a model answers, and how an answer is taken out of what it wrote. Pure. */
import { z } from "zod";

/** Kinds of claims, as they are in the claims file. */
const claimTypes = [
  "definition",
  "finding",
  "prediction",
  "recommendation",
  "causal",
  "statement",
] as const;

/** What is noted of one part of a text. */
export const partNotes = z.object({
  summary: z.string().describe("The part in a few plain sentences"),
  points: z
    .array(
      z.object({
        text: z.string().describe("One key point, a full sentence"),
        quote: z.string().describe("The words of the text it rests on, copied exactly"),
      }),
    )
    .describe("Key points, most important first"),
  claims: z
    .array(
      z.object({
        statement: z.string().describe("What is claimed, understandable alone"),
        type: z.enum(claimTypes),
        confidence: z.number().describe("How sure the text is of it, 0 to 1"),
        quote: z.string().describe("The words of the text that claim it, copied exactly"),
      }),
    )
    .describe("Claims of the text that could be true or false"),
  keywords: z.array(z.string()).describe("Names and terms the part is about"),
});
export type PartNotes = z.output<typeof partNotes>;

/** The notes of several parts, joined. */
export const joinedNotes = z.object({
  summary: z.string().describe("All parts together in a few plain sentences"),
  points: z
    .array(z.number())
    .describe("Numbers of the points that matter most, most important first"),
});

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** The JSON object in `text` (models wrap it in fences and remarks), checked. */
export function parseAnswer<T extends z.ZodObject>(text: string, schema: T): Parsed<z.output<T>> {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  if (start === -1 || end < start) return { ok: false, problem: "there is no JSON object in it" };
  let data: unknown;
  try {
    data = JSON.parse(text.slice(start, end + 1));
  } catch (error) {
    return { ok: false, problem: `it is not valid JSON: ${String(error)}` };
  }
  const checked = schema.safeParse(data);
  if (checked.success) return { ok: true, value: checked.data };
  const problems = checked.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".") || "the object"}: ${message}`);
  return { ok: false, problem: problems.join("; ") };
}
