/** Opens what there is of one item: its own text, the summary made of it, and its claims. Worker side, I/O. */
import type { GatherItem, InputArtifact, Log, SourceFile } from "@knowledge-chipper/plugin-sdk";
import { readClaims, type NoteClaim } from "./claims.ts";
import { readMarkdown } from "./markdown.ts";
import { openText } from "./open-text.ts";
import { plainPassages, type Passage } from "./passage.ts";
import { readSegments, readTranscript, type SpokenText } from "./transcript.ts";

/** Everything of one item that facts are taken from; forgotten as soon as they are. */
export interface NoteText {
  readonly title: string;
  /** Path of the Markdown to open for this item, relative to the output folder; null when there is none. */
  readonly target: string | null;
  readonly main: readonly Passage[];
  /** Says again what `main` says, so it adds only what is not there. */
  readonly summary: readonly Passage[];
  readonly speakers: readonly string[];
  readonly tags: readonly string[];
  readonly keywords: readonly string[];
  readonly claims: readonly NoteClaim[];
}

interface OwnText {
  readonly title: string | null;
  readonly passages: readonly Passage[];
  readonly speakers: readonly string[];
  readonly tags: readonly string[];
  readonly keywords: readonly string[];
}

const NOTHING: OwnText = { title: null, passages: [], speakers: [], tags: [], keywords: [] };

export async function openNote({ source, artifacts }: GatherItem, log: Log): Promise<NoteText> {
  const find = (role: string): InputArtifact | undefined =>
    artifacts.find((artifact) => artifact.role === role);
  const summaryArtifact = find("summary");
  const own = await ownText(source, find("segments"), find("transcript"), log);
  const summary = await openSummary(summaryArtifact, log);
  const claims = await openClaims(find("claims"), log);
  const target = [summaryArtifact, find("transcript")].find(isMarkdown)?.relativePath ?? null;
  return {
    title: own.title ?? summary.title ?? source.stem,
    target,
    main: own.passages,
    summary: summary.passages,
    speakers: own.speakers,
    tags: [...own.tags, ...summary.tags],
    keywords: [...own.keywords, ...summary.keywords],
    claims,
  };
}

/** Segments before the transcript made of them, before a source that is itself text. */
async function ownText(
  source: SourceFile,
  segments: InputArtifact | undefined,
  transcript: InputArtifact | undefined,
  log: Log,
): Promise<OwnText> {
  if (segments !== undefined) {
    const text = await openText(segments.path, segments.relativePath, log);
    const spoken = text === null ? null : readSegments(text);
    if (spoken !== null) return { ...NOTHING, ...spoken };
    if (text !== null) log.warn(`${segments.relativePath}: does not hold segments; left out`);
  }
  if (transcript !== undefined) {
    const text = await openText(transcript.path, transcript.relativePath, log);
    if (text !== null) return { ...NOTHING, ...(readTranscript(text) satisfies SpokenText) };
  }
  const kind = textKind(source);
  if (kind === null) return NOTHING;
  const text = await openText(source.path, source.relativePath, log);
  if (text === null) return NOTHING;
  return kind === "plain" ? { ...NOTHING, passages: plainPassages(text) } : noteOf(text);
}

async function openSummary(artifact: InputArtifact | undefined, log: Log): Promise<OwnText> {
  if (artifact === undefined) return NOTHING;
  const text = await openText(artifact.path, artifact.relativePath, log);
  if (text === null) return NOTHING;
  const note = noteOf(text);
  return { ...note, passages: withoutForm(note.passages) };
}

/** A summary's headings are those of its form ("Key points"), and its list of keywords is in the front matter too. */
function withoutForm(passages: readonly Passage[]): Passage[] {
  let listed = false;
  return passages.filter(({ text, heading }) => {
    if (heading) listed = /^(?:keywords|tags|topics)$/i.test(text);
    return !heading && !listed;
  });
}

function noteOf(text: string): OwnText {
  const { front, heading, passages, tags } = readMarkdown(text);
  return {
    title: front.title ?? heading,
    passages,
    speakers: [],
    tags: [...front.tags, ...tags],
    keywords: front.keywords,
  };
}

async function openClaims(artifact: InputArtifact | undefined, log: Log): Promise<NoteClaim[]> {
  if (artifact === undefined) return [];
  const text = await openText(artifact.path, artifact.relativePath, log);
  if (text === null) return [];
  const claims = readClaims(text);
  if (claims === null) log.warn(`${artifact.relativePath}: does not hold claims; left out`);
  return claims ?? [];
}

function isMarkdown(artifact: InputArtifact | undefined): boolean {
  return artifact !== undefined && /\.md$/i.test(artifact.relativePath);
}

function textKind({ mimeType, name }: SourceFile): "markdown" | "plain" | null {
  if (mimeType === "text/markdown" || /\.(?:md|markdown)$/i.test(name)) return "markdown";
  if (/\.(?:txt|text)$/i.test(name)) return "plain";
  return mimeType === "text/plain" && !/\.[a-z0-9]+$/i.test(name) ? "plain" : null;
}
