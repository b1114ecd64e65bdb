/** What a walk tells about paths it does not take, and the error for paths that are not there at all. Shared, pure. */

import { printable } from "../model/printable.ts";

/** A path that was not taken although someone may have expected it. */
export interface IntakeNotice {
  /** For programs. The first four are problems, the others are only worth knowing. */
  readonly code:
    /** A folder that cannot be read, or a file whose facts cannot. */
    | "input_unreadable"
    /** A name that is not UTF-8. */
    | "input_name_invalid"
    /** A link to nowhere, or in a circle. */
    | "input_link_broken"
    /** A named pipe, socket or device. */
    | "input_special"
    /** A second name of a file or folder that was taken. */
    | "input_duplicate"
    /** Something that Knowledge Chipper wrote itself. */
    | "input_ours";
  /** As given, or relative to the common root. */
  readonly path: string;
  /** For people: what it is and what to do. */
  readonly message: string;
}

export function isProblem(notice: IntakeNotice): boolean {
  return notice.code !== "input_duplicate" && notice.code !== "input_ours";
}

/** One or more given paths do not exist: nothing is planned. */
export class PathMissingError extends Error {
  override readonly name = "PathMissingError";
  readonly code = "path_missing";
  readonly paths: readonly string[];

  constructor(missing: readonly { path: string; why: string }[]) {
    const lines = missing.slice(0, 10).map(({ path, why }) => `${quoted(path)} ${why}`);
    const more = missing.length > 10 ? [`and ${missing.length - 10} more`] : [];
    super(`${[...lines, ...more].join("; ")}. Check the spelling; nothing was started.`);
    this.paths = missing.map(({ path }) => path);
  }
}

/** A name as people should see it, in the one notation of all screens. */
export function quoted(name: string): string {
  return `"${printable(name)}"`;
}

/** Why the file system said no, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOENT":
      return "does not exist";
    case "ENOTDIR":
      return "a part of its path is not a folder";
    case "ELOOP":
      return "its links lead in a circle";
    case "ENAMETOOLONG":
      return "its path is too long";
    case "EIO":
      return "the disk reports a read error";
    case "EMFILE":
    case "ENFILE":
      return "too many files are open";
    case "ESTALE":
      return "the network drive lost it";
    default:
      return code ?? message ?? String(error);
  }
}
