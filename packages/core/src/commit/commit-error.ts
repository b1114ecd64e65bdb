/** What can be wrong with an output on its way to its place. Shared, pure. */
import { diskTroubleOf, refusal, type DiskTrouble } from "../model/disk-trouble.ts";

export type CommitErrorCode =
  | "output_outside"
  | "output_not_a_file"
  | "output_linked"
  | "output_missing"
  | "commit_conflict"
  | DiskTrouble
  | "output_not_writable";

export class CommitError extends Error {
  override readonly name = "CommitError";
  readonly code: CommitErrorCode;
  constructor(code: CommitErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Turns an error of the file system into one of ours; what is not about the disk passes through. */
export function diskError(error: unknown, path: string): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const trouble = diskTroubleOf(error);
  // Permission may be missing for this one path: whoever holds the folder above it finds out.
  if (trouble !== null && trouble !== "disk_read_only" && trouble !== "disk_no_access") {
    const text = `${refusal(trouble, path).message} (${message})`;
    return new CommitError(trouble, text, { cause: error });
  }
  if (trouble !== null || code === "ENOTDIR" || code === "EISDIR" || code === "EFBIG") {
    return new CommitError("output_not_writable", `cannot write ${path}: ${message}`, {
      cause: error,
    });
  }
  return error;
}
