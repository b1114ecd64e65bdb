/** The options of the summariser. Pure. */
import { z } from "zod";

/** Most text of one file, in MB. */
const MAX_TEXT_MB = 1000;

export const summarizeOptions = z.strictObject({
  provider: z
    .enum(["extractive"])
    .default("extractive")
    .describe(
      "What writes the summary. extractive: picks the central sentences of the text itself, offline",
    ),
  length: z
    .enum(["short", "medium", "long"])
    .default("medium")
    .describe(
      "How much is picked: short is 2 sentences and 3 points, medium 3 and 6, long 5 and 12",
    ),
  maxPoints: z
    .int()
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe("Most key points, 1 to 50; null leaves it to length"),
  language: z
    .string()
    .regex(/^(?:auto|[a-z]{2,3})$/, "auto, or a language code like en, de or ja")
    .default("auto")
    .describe("Language of the text: auto finds it out, or a code like en, de or ja"),
  keywords: z.int().min(0).max(50).default(10).describe("Number of keywords, 0 to 50"),
  claims: z
    .boolean()
    .default(true)
    .describe("Write the claims the text makes to a claims file, for the Map of Content"),
  maxTextMb: z
    .number()
    .positive()
    .max(MAX_TEXT_MB)
    .default(20)
    .describe("Most text of one file, in MB; a file with more is refused"),
});

export type SummarizeOptions = z.output<typeof summarizeOptions>;
