/** What a file system refuses that time or a person can mend: work waits for it, no item is to blame. Shared, pure. */

export type DiskTrouble = "disk_full" | "disk_read_only" | "disk_no_access" | "too_many_files";

const byErrno: Readonly<Record<string, DiskTrouble>> = {
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EROFS: "disk_read_only",
  EACCES: "disk_no_access",
  EPERM: "disk_no_access",
  EMFILE: "too_many_files",
  ENFILE: "too_many_files",
};

const words: Readonly<Record<DiskTrouble, (where: string) => string>> = {
  disk_full: (where) => `no space left (or over quota) for ${where}; make room`,
  disk_read_only: (where) => `the disk of ${where} is read-only; make it writable`,
  disk_no_access: (where) => `no permission to write in ${where}; change its permissions`,
  too_many_files: () => "too many files are open at once; raise the limit (`ulimit -n`)",
};

/** Why work waits. */
export interface Refusal {
  readonly code: DiskTrouble;
  /** For people: what it is and what to do. */
  readonly message: string;
}

/** The trouble that an error's own code names, or null: the error is about something else. */
export function diskTroubleOf(error: unknown): DiskTrouble | null {
  const code = codeOf(error);
  if (typeof code !== "string") return null;
  return isDiskTrouble(code) ? code : (byErrno[code] ?? null);
}

/** Anything may be thrown: a getter of it is not to end us. */
function codeOf(error: unknown): unknown {
  try {
    return (error as { code?: unknown } | null | undefined)?.code;
  } catch {
    return undefined;
  }
}

export function isDiskTrouble(code: string | null | undefined): code is DiskTrouble {
  return code !== null && code !== undefined && Object.hasOwn(words, code);
}

/** @param where what could not be written */
export function refusal(code: DiskTrouble, where: string): Refusal {
  return { code, message: words[code](where) };
}
