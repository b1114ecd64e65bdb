/** What can be wrong with an output on its way to its place. Shared, pure. */

export type CommitErrorCode =
  | "output_outside"
  | "output_not_a_file"
  | "output_linked"
  | "output_missing"
  | "commit_conflict"
  | "disk_full"
  | "output_not_writable";

export class CommitError extends Error {
  override readonly name = "CommitError";
  readonly code: CommitErrorCode;
  constructor(code: CommitErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const closed = new Set(["EROFS", "EACCES", "EPERM", "ENOTDIR", "EISDIR"]);

/** Turns an error of the file system into one of ours; what is not about the disk passes through. */
export function diskError(error: unknown, path: string): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== undefined && full.has(code)) {
    return new CommitError("disk_full", `no space left for ${path}: ${message}`, { cause: error });
  }
  if (code !== undefined && closed.has(code)) {
    return new CommitError("output_not_writable", `cannot write ${path}: ${message}`, {
      cause: error,
    });
  }
  return error;
}
