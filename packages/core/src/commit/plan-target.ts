/** Where an output belongs: mirrored below the output folder, always beginning with its item's stem. Shared, pure. */
import { posix } from "node:path";

export interface TargetOf {
  /** Null for a gather stage: its outputs lie in a folder of the stage's name. */
  readonly item: { readonly relativePath: string; readonly stem: string } | null;
  readonly stage: string;
  readonly fileName: string;
  /** Relative paths of the outputs that earlier stages made of the item. */
  readonly taken: readonly string[];
}

/** Path of an output relative to the output folder, with `/`. */
export function planTarget({ item, stage, fileName, taken }: TargetOf): string {
  if (item === null) return posix.join(stage, fileName);
  const path = posix.join(posix.dirname(item.relativePath), withStem(item, fileName));
  return taken.includes(path) ? withStage(path, stage) : path;
}

/** Two stages that choose one name for an item both keep their output: the later one's says whose it is. */
function withStage(path: string, stage: string): string {
  const extension = posix.extname(path);
  return `${path.slice(0, path.length - extension.length)}.${stage}${extension}`;
}

/** A processor that ignores the planned stem still gets names that no other item can have. */
function withStem(item: { relativePath: string; stem: string }, fileName: string): string {
  if (fileName.startsWith(item.stem)) return fileName;
  const source = posix.basename(item.relativePath);
  const natural = source.slice(0, source.length - posix.extname(source).length);
  return fileName.startsWith(natural)
    ? item.stem + fileName.slice(natural.length)
    : `${item.stem}_${fileName}`;
}

const types: Readonly<Record<string, string>> = {
  ".md": "text/markdown",
  ".txt": "text/plain",
  ".json": "application/json",
  ".jsonl": "application/jsonl",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".srt": "application/x-subrip",
  ".vtt": "text/vtt",
  ".html": "text/html",
  ".csv": "text/csv",
};

/** Type of an output, by its name: processors choose their own formats. */
export function mimeTypeOf(fileName: string): string {
  return types[posix.extname(fileName).toLowerCase()] ?? "application/octet-stream";
}
