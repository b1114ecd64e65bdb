/** Short ways to call the readers and to look at what they read. For tests; pure. */
import type { DocumentText } from "../../src/read/document-text.ts";
import type { ReadLimits } from "../../src/read/limits.ts";

/** Limits that no test file meets. */
export const noLimits: ReadLimits = {
  maxTextBytes: 20e6,
  signal: new AbortController().signal,
};

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** `[heading, block, block]` for each section. */
export function outline({ sections }: DocumentText): (string | null)[][] {
  return sections.map(({ heading, blocks }) => [heading, ...blocks.map((block) => block.text)]);
}

/** Where each block begins. */
export function positions({ sections }: DocumentText): unknown[] {
  return sections.flatMap(({ blocks }) => blocks.map((block) => block.marks[0]?.position));
}
