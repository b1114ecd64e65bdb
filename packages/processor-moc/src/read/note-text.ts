/** Opens what there is of one item: its own text, the summary made of it, and its claims. Worker side, I/O. */
import {
  splitMarked,
  type GatherItem,
  type InputArtifact,
  type Log,
  type SourceFile,
} from "@knowledge-chipper/plugin-sdk";
import type { NoteFiles } from "../extract/note-facts.ts";
import { readClaims, type NoteClaim } from "./claims.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { readMarkdown } from "./markdown.ts";
import { openText } from "./open-text.ts";
import { plainPassages, type Passage } from "./passage.ts";
import { isTranscript, readSegments, readTranscript } from "./transcript.ts";

/** Everything of one item that facts are taken from; forgotten as soon as they are. */
export interface NoteText {
  readonly title: string;
  /** Path of the file to open for this item, relative to the output folder; null when there is none. */
  readonly target: string | null;
  readonly files: NoteFiles;
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
  /** Nobody's text but a page of maps from an earlier run, or data that says nothing. */
  readonly isNoNote?: true;
}

const NOTHING: OwnText = { title: null, passages: [], speakers: [], tags: [], keywords: [] };
const NO_NOTE: OwnText = { ...NOTHING, isNoNote: true };

/** The note; null for what is none: a page of maps from an earlier run, YAML without claims. */
export async function openNote(item: GatherItem, log: Log): Promise<NoteText | null> {
  const { source, artifacts } = item;
  const find = (role: string): InputArtifact | undefined =>
    artifacts.find((artifact) => artifact.role === role);
  const [summaryArtifact, transcript] = [find("summary"), find("transcript")];
  const own = await ownText(source, find("segments"), transcript, log);
  const summary = await openSummary(summaryArtifact, log);
  const claims = await openClaims(find("claims"), log);
  const sourceClaims = isYaml(source) && artifacts.length === 0 ? await claimsOf(source, log) : [];
  if (own.isNoNote && artifacts.length === 0 && sourceClaims.length === 0) return null;

  const textKindOfSource = textKind(source);
  const note = textKindOfSource === null ? undefined : source.linkPath;
  const summaryFile = linked(summaryArtifact);
  const text = linked(transcript) ?? (find("segments") === undefined ? note : undefined);
  return {
    title: own.title ?? summary.title ?? source.stem.replace(/_transcript$/, ""),
    target: note ?? summaryFile ?? linked(transcript) ?? null,
    files: {
      ...(text === undefined ? {} : { text }),
      ...(summaryFile === undefined ? {} : { summary: summaryFile }),
      ...(source.linkPath === undefined || !/^(?:audio|video)\//.test(source.mimeType)
        ? {}
        : { recording: source.linkPath }),
    },
    main: own.passages,
    summary: summary.passages,
    speakers: own.speakers,
    tags: [...own.tags, ...summary.tags],
    keywords: [...own.keywords, ...summary.keywords],
    claims: [...claims, ...sourceClaims],
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
    if (text !== null) return { ...NOTHING, ...readTranscript(text) };
  }
  const kind = textKind(source);
  if (kind === null) return isYaml(source) ? NO_NOTE : NOTHING;
  const text = await openText(source.path, source.relativePath, log);
  if (text === null) return NOTHING;
  return kind === "plain" ? { ...NOTHING, passages: plainPassages(text) } : ownNote(text);
}

/** A note that somebody wrote, without what an earlier run wrote into it. */
function ownNote(text: string): OwnText {
  const marked = splitMarked(text);
  if (marked === null) return noteOf(text);
  if (marked.isUntouched) return NO_NOTE;
  return noteOf(`${marked.before}\n${marked.after}`);
}

async function openSummary(artifact: InputArtifact | undefined, log: Log): Promise<OwnText> {
  if (artifact === undefined) return NOTHING;
  const text = await openText(artifact.path, artifact.relativePath, log);
  if (text === null) return NOTHING;
  const note = noteOf(text);
  return { ...note, passages: inSummary(withoutForm(note.passages)) };
}

/** A summary's headings are those of its form ("Key points"), and its list of keywords is in the front matter too. */
function withoutForm(passages: readonly Passage[]): Passage[] {
  let listed = false;
  return passages
    .filter(({ text, heading }) => {
      if (heading) listed = /^(?:keywords|tags|topics)$/i.test(text);
      return !heading && !listed;
    })
    .map((passage) => ({ ...passage, text: passage.text.replace(PLACE_OF_POINT, "$1") }));
}

/** Where a key point stands in its source, "(paragraph 1)": said behind the end of its sentence. */
const PLACE_OF_POINT = /([.!?…。！？]["'”’»]?) \([^()]{1,200}\)$/u;

function inSummary(passages: readonly Passage[]): Passage[] {
  return passages.map((passage) =>
    passage.places === undefined
      ? passage
      : {
          ...passage,
          places: passage.places.map(([from, place]) => [from, { ...place, inSummary: true }]),
        },
  );
}

function noteOf(text: string): OwnText {
  const { front, heading, passages, tags } = readMarkdown(text);
  const spoken = isTranscript(splitFrontMatter(text).body) ? readTranscript(text) : null;
  return {
    title: front.title ?? heading,
    passages: spoken?.passages ?? passages,
    speakers: spoken?.speakers ?? [],
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

/** Claims that lie alone in a vault; other YAML is nobody's mistake. */
async function claimsOf(source: SourceFile, log: Log): Promise<NoteClaim[]> {
  const text = await openText(source.path, source.relativePath, log);
  return (text === null ? null : readClaims(text)) ?? [];
}

function linked(artifact: InputArtifact | undefined): string | undefined {
  if (artifact === undefined || !/\.md$/i.test(artifact.relativePath)) return undefined;
  return artifact.relativePath;
}

function isYaml({ name }: SourceFile): boolean {
  return /\.ya?ml$/i.test(name);
}

function textKind({ mimeType, name }: SourceFile): "markdown" | "plain" | null {
  if (/\.ya?ml$/i.test(name)) return null;
  if (mimeType === "text/markdown" || /\.(?:md|markdown)$/i.test(name)) return "markdown";
  if (/\.(?:txt|text)$/i.test(name)) return "plain";
  return mimeType === "text/plain" && !/\.[a-z0-9]+$/i.test(name) ? "plain" : null;
}
