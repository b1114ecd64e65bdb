/** Makes the input of a processor out of real files on disk. Reads file sizes, writes nothing. */
import { realpath, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { GatherInput, InputArtifact, MapInput, PlainData, SourceFile } from "../input.ts";

/** An artifact of an earlier stage, as a test names it. */
export interface ArtifactSpec {
  readonly role: string;
  readonly path: string;
  /** Default: by the file's extension. */
  readonly mimeType?: string;
  /** Default: the file's name. */
  readonly relativePath?: string;
  readonly meta?: { readonly [key: string]: PlainData };
}

/** One completed item for a gather processor, as a test names it. */
export interface GatherItemSpec {
  /** Path of the source file. */
  readonly source: string;
  /** Default: the file's name. */
  readonly relativePath?: string;
  readonly mimeType?: string;
  readonly artifacts?: readonly ArtifactSpec[];
}

/** The input of a `map` processor. */
export async function mapInput(item: GatherItemSpec): Promise<MapInput> {
  const source = await sourceFile(item);
  const artifacts = await Promise.all((item.artifacts ?? []).map(inputArtifact));
  return { source, artifacts };
}

/** The input of a `gather` processor; each item is read only when the stream reaches it, as from the host's manifest. */
export function gatherInput(items: readonly GatherItemSpec[]): GatherInput {
  return {
    count: items.length,
    async *items() {
      for (const item of items) yield await mapInput(item);
    },
  };
}

async function sourceFile(item: GatherItemSpec): Promise<SourceFile> {
  const path = await realpath(item.source);
  const name = basename(path);
  return {
    path,
    name,
    stem: basename(name, extname(name)),
    relativePath: item.relativePath ?? name,
    bytes: (await stat(path)).size,
    mimeType: item.mimeType ?? mimeTypeByName(path),
  };
}

async function inputArtifact(artifact: ArtifactSpec): Promise<InputArtifact> {
  const path = await realpath(artifact.path);
  return {
    role: artifact.role,
    path,
    relativePath: artifact.relativePath ?? basename(path),
    mimeType: artifact.mimeType ?? mimeTypeByName(path),
    meta: artifact.meta ?? {},
  };
}

function mimeTypeByName(path: string): string {
  return Bun.file(path).type.replace(/;.*$/, "");
}
