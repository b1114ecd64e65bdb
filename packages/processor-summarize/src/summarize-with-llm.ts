/** Summarises with a language model: notes on each part, joined until they are one; every answer is kept. Worker side, I/O. */
import type { ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import type { Claim } from "./claims/find-claims.ts";
import { chunksOf, type Chunk } from "./llm/chunks.ts";
import { connect } from "./llm/connect.ts";
import { forHost } from "./llm/for-host.ts";
import { interview, type Interview } from "./llm/interview.ts";
import { joinParts, notesOf, type Joined } from "./llm/join-parts.ts";
import { notesOnParts } from "./llm/notes-on-parts.ts";
import { fenced, wish } from "./llm/prompts.ts";
import { costOf } from "./llm/spending.ts";
import { DEFAULT_TEMPLATE, fillTemplate, loadTemplate } from "./llm/templates.ts";
import type { SummarizeOptions } from "./options.ts";
import type { DocumentText } from "./read/document-text.ts";
import { COUNTS, type Summary } from "./summary.ts";

/** Tokens of text in one request: a local server often has a window of 4,096 tokens and cuts off silently what is over it. */
const CHUNK_TOKENS = { local: 2_500, hosted: 12_000 };
/** More parts than this are not listed one by one. */
const MAX_LISTED_PARTS = 24;

/** @param onProgress told the share that is done, 0 to 1, and with what it is busy */
export async function summarizeWithLlm(
  document: DocumentText,
  name: string,
  ctx: ProcessorContext<SummarizeOptions>,
  onProgress: (fraction: number, message: string) => void,
): Promise<Summary> {
  const { options } = ctx;
  const template = await loadTemplate(options.template, options.templates_dir);
  const model = await connect(ctx).catch((thrown: unknown) => {
    throw forHost(thrown, name);
  });
  const limit = options.chunk_tokens ?? CHUNK_TOKENS[isHosted(options) ? "hosted" : "local"];
  const chunks = chunksOf(document, limit, model.countTokens);

  // One part, a template and no claims: there is nothing to note down first.
  const needsNotes = template === null || chunks.length > 1 || options.claims;
  const requests = (needsNotes ? chunks.length : 0) + (template === null ? 0 : 1);
  const talk = await interview(model, name, ctx, (done, message) =>
    onProgress(Math.min(1, done / Math.max(1, requests + (chunks.length > 1 ? 1 : 0))), message),
  );
  talk.checkPlan(chunks, requests);

  const parts = needsNotes ? await notesOnParts(chunks, talk, options, ctx.log) : [];
  const points = options.max_points ?? COUNTS[options.length].points;
  const until = template === null ? "one" : "fitting";
  const joined = await joinParts(parts, until, talk, { limit, points, prompt: options.prompt });
  const whole =
    template === null ? null : await askTemplate(template, chunks, joined, talk, options);

  const cost = costOf(talk.used, options);
  const spent = talk.spent;
  const spentCost = costOf(spent, options);
  return {
    content: {
      overview: whole === null ? (joined[0]?.summary ?? "") : "",
      markdown: whole?.text ?? null,
      points: whole === null ? (joined[0]?.points ?? []).slice(0, points) : [],
      parts:
        parts.length > 1 && parts.length <= MAX_LISTED_PARTS && template === null
          ? parts.map(({ title, summary }, i) => ({
              title: title ?? `Part ${i + 1}`,
              text: summary,
            }))
          : [],
      keywords: mostNamed(parts.flatMap((part) => part.keywords)).slice(0, options.keywords),
    },
    claims: surest(
      parts.flatMap((part) => part.claims),
      COUNTS[options.length].claims,
    ),
    model: modelName(options),
    template: template === null ? DEFAULT_TEMPLATE : options.template,
    tokens: talk.used,
    cost,
    isCut: whole?.isCut ?? false,
    meta: {
      usage: {
        requests: talk.count,
        inputTokens: spent.input,
        outputTokens: spent.output,
        ...(spentCost === null ? {} : { cost: spentCost }),
      },
    },
  };
}

function isHosted({ provider }: Pick<SummarizeOptions, "provider">): boolean {
  return provider === "openai" || provider === "anthropic";
}

/** A path says where somebody keeps their models; an output shall not. */
function modelName({ provider, model }: SummarizeOptions): string {
  return provider === "node-llama-cpp" ? model.slice(model.lastIndexOf("/") + 1) : model;
}

/** Fills the template with the text itself while it fits into one request, else with the notes on its parts. */
async function askTemplate(
  template: string,
  chunks: readonly Chunk[],
  notes: readonly Joined[],
  talk: Interview,
  options: SummarizeOptions,
): Promise<{ text: string; isCut: boolean }> {
  const [only] = chunks;
  const text = chunks.length === 1 && only !== undefined ? only.text : notesOf(notes).text;
  const filled = fillTemplate(template, fenced(text), options.max_tokens);
  return await talk.askFreely("template", [filled, ...wish(options)].join("\n\n"));
}

/** The claims with most confidence, in the order of the text. */
function surest(claims: readonly Claim[], count: number): Claim[] {
  const chosen = new Set(claims.toSorted((a, b) => b.confidence - a.confidence).slice(0, count));
  return claims.filter((claim) => chosen.has(claim));
}

/** Each once, as it was written first; those named in most parts first. */
function mostNamed(keywords: readonly string[]): string[] {
  const counts = new Map<string, { label: string; count: number }>();
  for (const keyword of keywords) {
    const label = keyword.replace(/\s+/g, " ").trim();
    const key = label.toLowerCase();
    const known = counts.get(key);
    if (known !== undefined) known.count += 1;
    else if (label !== "" && label.length <= 80) counts.set(key, { label, count: 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count).map(({ label }) => label);
}
