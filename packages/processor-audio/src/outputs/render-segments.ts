/** Writes the segments of a transcript as JSON, for later stages and other programs. Shared, pure. */
import type { Transcript } from "./transcript.ts";

/** Version of this file's shape. */
const VERSION = 1;

/** `{ version, source_file, language, engine, durationSeconds, warning?, segments: [{ start, end, text, speaker? }] }`, times in seconds. */
export function renderSegments(transcript: Transcript): string {
  const { sourceFile, language, engine, durationSeconds, warning, segments } = transcript;
  const document = {
    version: VERSION,
    source_file: sourceFile,
    language,
    engine,
    durationSeconds,
    warning,
    segments,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
