/** Chooses what to read for an item (segments, transcript or the source itself), reads it from disk and hands it to its reader. Worker side, I/O. */
import { stat } from "node:fs/promises";
import { PermanentError, type MapInput } from "@knowledge-chipper/plugin-sdk";
import type { DocumentText } from "./document-text.ts";
import { formatOf, type Format } from "./format.ts";
import { checkTextSize, type ReadLimits } from "./limits.ts";

/** A file to read. */
interface InputFile {
  readonly path: string;
  /** How errors call it. */
  readonly name: string;
  readonly mimeType: string;
}

/** Formats whose files hold other things than text; their text is measured while it is read. */
const PACKED: ReadonlySet<Format> = new Set(["pdf", "docx", "pptx", "odt", "epub", "rtf"]);

/** Reads the best there is. `onProgress` is told the share that is read, 0 to 1. */
export async function readInput(
  input: MapInput,
  limits: ReadLimits,
  onProgress: (fraction: number) => void,
): Promise<DocumentText> {
  const { file, known } = chooseFile(input);
  const { size } = await stat(file.path);
  if (size === 0) throw new PermanentError(`${file.name} is empty`, { code: "no_text" });
  const start = await Bun.file(file.path).slice(0, 1024).bytes();
  const format = known ?? formatOf(file.name, file.mimeType, start);
  // Segments carry numbers around their text.
  if (!PACKED.has(format))
    checkTextSize(format === "segments" ? size / 4 : size, file.name, limits);
  const bytes = await Bun.file(file.path).bytes();
  return await readAs(format, bytes, file.name, limits, onProgress);
}

/** Segments first: they know times best. Then a transcript, then the source. */
function chooseFile({ source, artifacts }: MapInput): { file: InputFile; known: Format | null } {
  const artifact =
    artifacts.find((each) => each.role === "segments") ??
    artifacts.find((each) => each.role === "transcript");
  if (artifact === undefined) return { file: source, known: null };
  const name = artifact.path.slice(artifact.path.lastIndexOf("/") + 1);
  const file = { path: artifact.path, name, mimeType: artifact.mimeType };
  return { file, known: artifact.role === "segments" ? "segments" : null };
}

/** Readers are loaded when they are needed: a Markdown note shall not cost the memory of pdf.js. */
async function readAs(
  format: Format,
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits,
  onProgress: (fraction: number) => void,
): Promise<DocumentText> {
  switch (format) {
    case "segments":
      return (await import("./segments.ts")).readSegments(bytes, name);
    case "markdown": {
      const transcript = (await import("./transcript.ts")).readTranscript(bytes, name);
      return transcript ?? (await import("./markdown.ts")).readMarkdown(bytes, name);
    }
    case "text":
      return (await import("./plain-text.ts")).readPlainText(bytes, name);
    case "html":
      return await (await import("./html.ts")).readHtml(bytes, name, limits);
    case "pdf":
      return await (await import("./pdf.ts")).readPdf(bytes, name, limits, onProgress);
    case "docx":
      return await (await import("./docx.ts")).readDocx(bytes, name, limits);
    case "pptx":
      return await (await import("./pptx.ts")).readPptx(bytes, name, limits);
    case "odt":
      return await (await import("./odt.ts")).readOdt(bytes, name, limits);
    case "epub":
      return await (await import("./epub.ts")).readEpub(bytes, name, limits);
    case "rtf":
      return await (await import("./rtf.ts")).readRtf(bytes, name, limits);
    case "srt":
    case "vtt":
      return await (await import("./subtitles.ts")).readSubtitles(bytes, name, format);
  }
}
