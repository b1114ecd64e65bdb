/** Options of the processor, with what each is for. Pure. */
import { z } from "zod";

export const mocOptions = z.strictObject({
  theme: z
    .string()
    .max(200)
    .default("")
    .describe("What the map is about; stands in its title, and topics near to it come first"),
  depth: z
    .int()
    .min(1)
    .max(3)
    .default(2)
    .describe(
      "Levels of topics: 1 keeps large topics whole, 2 and 3 divide those with more than 15 notes",
    ),
  include_claims: z
    .boolean()
    .default(true)
    .describe("Bring the claims of all notes together in claims.yaml, the heaviest also in MOC.md"),
  max_topics: z
    .int()
    .min(0)
    .max(60)
    .default(0)
    .describe("Most topics of the first level; 0 takes as many as fit the notes"),
  min_mentions: z
    .int()
    .min(1)
    .default(1)
    .describe("Leave out people, tags, mental models and jargon mentioned fewer times than this"),
  vault: z
    .enum(["maps", "pages"])
    .default("maps")
    .describe(
      "maps: the maps alone; pages: also one page for each person, mental model and term, with links to where they are mentioned",
    ),
  write_moc_obsidian_pages: z
    .boolean()
    .default(false)
    .describe("The older name of `vault: pages`; true asks for the pages whatever `vault` says"),
  provider: z
    .enum(["none", "local", "openai-compatible"])
    .default("none")
    .describe(
      "Language model for doubtful names and for contradictions between claims: none, local (Ollama), or any openai-compatible server",
    ),
  base_url: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .meta({ remote: false })
    .describe("Address of the model server, with /v1; empty: Ollama's, http://127.0.0.1:11434/v1"),
  model: z
    .string()
    .max(500)
    .default("")
    .describe("Name of the model, as its server knows it; needed with a provider"),
  api_key: z
    .enum(["", "env:OPENAI_API_KEY", "env:KC_LLM_API_KEY"])
    .default("")
    .meta({ remote: false })
    .describe("Where the key of the server is; empty: it needs none"),
});

export type MocOptions = z.output<typeof mocOptions>;

/** Whether pages are asked for, by either name. */
export function writesPages(options: MocOptions): boolean {
  return options.vault === "pages" || options.write_moc_obsidian_pages;
}
