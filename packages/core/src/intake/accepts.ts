/** Which stage takes an item next, by what the item has and what it is. Shared, pure. */
import type { Stage } from "../model/job.ts";
import type { ProcessorFacts } from "../model/processor-facts.ts";
import { extensionOf } from "./extension.ts";

/** What is known of an item when its next stage is chosen. */
export interface ItemFacts {
  readonly fileName: string;
  /** By content. */
  readonly mimeType: string;
  /** Roles of the artifacts that its stages made so far. */
  readonly roles: readonly string[];
}

/** Types that content alone cannot tell from one another: there the file's extension may speak. */
const unspecificTypes: ReadonlySet<string> = new Set([
  "application/octet-stream",
  "application/json",
  "application/yaml",
  "text/csv",
  "text/markdown",
  "text/plain",
]);

/** Position of the first stage after `afterStage` (-1: from the start) that takes the item; null: none. Gather stages take the whole job, never an item. */
export function nextStage(
  stages: readonly Pick<Stage, "processor">[],
  afterStage: number,
  facts: ItemFacts,
): number | null {
  for (const [position, { processor }] of stages.entries()) {
    if (position <= afterStage || processor.kind !== "map") continue;
    if (stageAccepts(processor.accepts, facts)) return position;
  }
  return null;
}

/** Whether any stage of the pipeline takes a source like this; a folder with none is an error of whoever gave it. */
export function isUsable(
  stages: readonly Pick<Stage, "processor">[],
  source: Pick<ItemFacts, "fileName" | "mimeType">,
): boolean {
  return nextStage(stages, -1, { ...source, roles: [] }) !== null || isGathered(stages, source);
}

/**
 * Whether a source that no map stage takes is gathered as it is: a gather stage that says what it accepts takes that; one that does
 * not takes every source of a pipeline which only gathers, and otherwise only what earlier stages worked on.
 */
export function isGathered(
  stages: readonly Pick<Stage, "processor">[],
  source: Pick<ItemFacts, "fileName" | "mimeType">,
): boolean {
  const onlyGathers = gathersOnly(stages);
  return stages.some(({ processor: { kind, accepts } }) => {
    if (kind !== "gather") return false;
    const saysNothing = [accepts.roles, accepts.extensions, accepts.mimeTypes].every(
      (list) => list.length === 0,
    );
    return saysNothing ? onlyGathers : acceptsSource(accepts, { ...source, roles: [] });
  });
}

/** Whether no stage of the pipeline works on single files. */
export function gathersOnly(stages: readonly Pick<Stage, "processor">[]): boolean {
  return stages.every(({ processor }) => processor.kind === "gather");
}

/** Artifacts by role first, then the source. */
export function stageAccepts(accepts: ProcessorFacts["accepts"], facts: ItemFacts): boolean {
  return accepts.roles.some((role) => facts.roles.includes(role)) || acceptsSource(accepts, facts);
}

/**
 * By type, where content names one; by extension where it does not, or where the processor goes by extensions alone: then it gets
 * what carries the extension and judges the content itself.
 */
function acceptsSource(accepts: ProcessorFacts["accepts"], facts: ItemFacts): boolean {
  if (accepts.mimeTypes.some((pattern) => typeMatches(pattern, facts.mimeType))) return true;
  if (accepts.mimeTypes.length > 0 && !unspecificTypes.has(facts.mimeType)) return false;
  const extension = extensionOf(facts.fileName);
  if (isText(facts.mimeType) && binaryExtensions.has(extension)) return false;
  return accepts.extensions.some((accepted) => accepted.toLowerCase() === extension);
}

/** Names of formats that are never text: text in such a file is not what its name says. */
const binaryExtensions: ReadonlySet<string> = new Set([
  ...[
    ".aac",
    ".avi",
    ".flac",
    ".m4a",
    ".mkv",
    ".mov",
    ".mp3",
    ".mp4",
    ".ogg",
    ".opus",
    ".wav",
    ".webm",
  ],
  ...[".docx", ".epub", ".odt", ".pdf", ".pptx", ".xlsx", ".zip"],
]);

function isText(mimeType: string): boolean {
  return mimeType.startsWith("text/");
}

/** `audio/*`, `*` + `/*` or a whole type; parameters such as `;codecs=opus` do not count. */
export function typeMatches(pattern: string, mimeType: string): boolean {
  const [wanted = "", actual = ""] = [pattern, mimeType].map((type) =>
    (type.split(";")[0] ?? "").trim().toLowerCase(),
  );
  if (wanted === "*/*" || wanted === "*") return true;
  if (wanted.endsWith("/*")) return actual.startsWith(wanted.slice(0, -1));
  return wanted === actual;
}
