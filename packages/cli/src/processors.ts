/** The processors that come with the program, by name; the one place that knows where they live. Pure. */

const shipped: Readonly<Record<string, string>> = {
  audio: "@knowledge-chipper/processor-audio",
  summarize: "@knowledge-chipper/processor-summarize",
  moc: "@knowledge-chipper/processor-moc",
};

export const processorNames: readonly string[] = Object.keys(shipped);

/** Module of a processor as an absolute `file:` URL; nothing of it is loaded here. */
export function resolveProcessor(name: string): string | null {
  const specifier = Object.hasOwn(shipped, name) ? shipped[name] : undefined;
  return specifier === undefined ? null : import.meta.resolve(specifier);
}
