/** An artifact as a download: the file of the ledger, or nothing. Host, I/O. */
import { UserError, type Artifact } from "@knowledge-chipper/core/reading";
import { constants } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";

/**
 * Bytes as they lie there now; a file that is not the one of the ledger any more is said to be so, by its size.
 * Never shown in place: a browser must not run what a document says.
 */
export async function artifactResponse(artifact: Artifact, request: Request): Promise<Response> {
  const { bytes, relativePath, sha256 } = artifact;
  const headers = {
    "content-type": "application/octet-stream",
    "content-disposition": disposition(basename(relativePath)),
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "accept-ranges": "bytes",
    etag: `"${sha256}"`,
    "cache-control": "private, no-cache",
  };
  const range = rangeOf(request.headers.get("range"), bytes);
  if (range === "unsatisfiable") {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "content-range": `bytes */${bytes}` },
    });
  }
  const file = await openCommitted(artifact);
  const [from, to] = range ?? [0, bytes - 1];
  if (bytes === 0) {
    await file.close();
    return new Response(null, { headers });
  }
  const body = Readable.toWeb(file.createReadStream({ start: from, end: to }));
  return new Response(body as ReadableStream, {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      "content-length": String(to - from + 1),
      ...(range === null ? {} : { "content-range": `bytes ${from}-${to}/${bytes}` }),
    },
  });
}

/** What is read is what was looked at: one descriptor, no link on the way, the size of the ledger. */
async function openCommitted({ path, bytes, relativePath }: Artifact): Promise<FileHandle> {
  const changed = () =>
    new UserError(
      "artifact_changed",
      `${relativePath} is not the file that was committed: it was moved, changed or replaced`,
    );
  const file = await open(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch(() => null);
  if (file === null) throw changed();
  const facts = await file.stat();
  const isThere = (await realpath(path).catch(() => null)) === path;
  if (isThere && facts.isFile() && facts.size === bytes) return file;
  await file.close();
  throw changed();
}

/** One range is answered; more than one, or nonsense, gets the whole file, as the standard allows. */
function rangeOf(header: string | null, size: number): [number, number] | "unsatisfiable" | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size || (first === "" && Number(last) === 0)) return "unsatisfiable";
  return from > to ? null : [from, to];
}

/** ASCII for old readers, the true name beside it (RFC 6266). */
function disposition(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\]/g, "_");
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
