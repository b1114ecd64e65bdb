/** Decides which reader a file gets: by what its bytes are, then by the type the host found, then by its name. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";

/** The formats there is a reader for. */
export type Format = "segments" | "markdown" | "text" | "html" | "pdf" | "docx" | "srt" | "vtt";

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const BY_MIME: Readonly<Record<string, Format>> = {
  "text/markdown": "markdown",
  "text/x-markdown": "markdown",
  "text/html": "html",
  "application/xhtml+xml": "html",
  "application/pdf": "pdf",
  [DOCX]: "docx",
  "application/x-subrip": "srt",
  "text/vtt": "vtt",
};

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  md: "markdown",
  markdown: "markdown",
  txt: "text",
  html: "html",
  htm: "html",
  xhtml: "html",
  pdf: "pdf",
  docx: "docx",
  srt: "srt",
  vtt: "vtt",
};

/** Types the processor takes, for `accepts`. */
export const ACCEPTED_TYPES = [
  "text/markdown",
  "text/plain",
  "text/html",
  "application/pdf",
  DOCX,
  "application/x-subrip",
  "text/vtt",
] as const;

/** Extensions the processor takes, for `accepts`. */
export const ACCEPTED_EXTENSIONS = Object.keys(BY_EXTENSION).map((each) => `.${each}`);

/**
 * The format of a file.
 * @param start its first kilobyte
 * @throws PermanentError when its name promises a format that its bytes are not
 */
export function formatOf(name: string, mimeType: string, start: Uint8Array): Format {
  const head = new TextDecoder("latin1").decode(start.subarray(0, 1024));
  if (head.includes("%PDF-")) return "pdf";
  const byName = BY_EXTENSION[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
  const byType = BY_MIME[mimeType];
  if (byName === "pdf" || byType === "pdf") throw notWhatItClaims(name, "a PDF");
  if (byName === "docx" || byType === "docx") {
    if (head.startsWith("PK\u0003\u0004") || head.startsWith("\u00D0\u00CF\u0011\u00E0"))
      return "docx";
    throw notWhatItClaims(name, "a Word document");
  }
  return byType ?? byName ?? "text";
}

function notWhatItClaims(name: string, what: string): PermanentError {
  return new PermanentError(
    `${name} is named like ${what} but its content is not one: it may be damaged or have the wrong extension`,
    { code: "not_what_it_claims" },
  );
}
