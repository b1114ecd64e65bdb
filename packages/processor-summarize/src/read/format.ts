/** Decides which reader a file gets: by what its bytes are, then by the type the host found, then by its name. Worker side, pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";

/** The formats there is a reader for. */
export type Format =
  | "segments"
  | "markdown"
  | "text"
  | "html"
  | "pdf"
  | "docx"
  | "pptx"
  | "odt"
  | "epub"
  | "rtf"
  | "srt"
  | "vtt";

const OFFICE = "application/vnd.openxmlformats-officedocument";

/** Formats that are archives, and what a person calls them. */
const ARCHIVES: Readonly<Partial<Record<Format, string>>> = {
  docx: "a Word document",
  pptx: "a presentation",
  odt: "an OpenDocument text",
  epub: "an e-book",
};

const BY_MIME: Readonly<Record<string, Format>> = {
  "text/markdown": "markdown",
  "text/x-markdown": "markdown",
  "text/html": "html",
  "application/xhtml+xml": "html",
  "application/pdf": "pdf",
  [`${OFFICE}.wordprocessingml.document`]: "docx",
  [`${OFFICE}.presentationml.presentation`]: "pptx",
  "application/vnd.oasis.opendocument.text": "odt",
  "application/epub+zip": "epub",
  "application/rtf": "rtf",
  "text/rtf": "rtf",
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
  pptx: "pptx",
  odt: "odt",
  epub: "epub",
  rtf: "rtf",
  srt: "srt",
  vtt: "vtt",
};

/** Types the processor takes, for `accepts`. */
export const ACCEPTED_TYPES = ["text/plain", ...Object.keys(BY_MIME)];

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
  if (head.startsWith("{\\rtf")) return "rtf";
  if (byName === "rtf" || byType === "rtf") throw notWhatItClaims(name, "rich text");
  const archive = [byType, byName].find((each) => each !== undefined && each in ARCHIVES);
  if (archive !== undefined) {
    const isArchive =
      head.startsWith("PK\u0003\u0004") || head.startsWith("\u00D0\u00CF\u0011\u00E0");
    if (isArchive) return archive;
    throw notWhatItClaims(name, ARCHIVES[archive] ?? "");
  }
  return byType ?? byName ?? "text";
}

function notWhatItClaims(name: string, what: string): PermanentError {
  return new PermanentError(
    `${name} is named like ${what} but its content is not one: it may be damaged or have the wrong extension`,
    { code: "not_what_it_claims" },
  );
}
