/** One entry of a folder, seen through links: file, folder, or something that is not taken. Host, reads the file system. */
import { lstat, realpath, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import { quoted, reasonOf, type IntakeNotice } from "./notice.ts";

export type Entry =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly facts: Stats;
      readonly viaLink: boolean;
    }
  | { readonly kind: "folder"; readonly path: string; readonly viaLink: boolean }
  | { readonly kind: "none"; readonly notice: IntakeNotice | null };

/** `path` is where the entry lies, `shown` how people know it. The answer's `path` has links resolved; the folder's must have been before. */
export async function lookAt(path: string, shown: string): Promise<Entry> {
  try {
    const own = await lstat(path);
    if (!own.isSymbolicLink()) return classify(path, shown, own, false);
    return await followLink(path, shown);
  } catch (error) {
    // Gone since its folder was read: it is as if it had never been there.
    if ((error as { code?: string }).code === "ENOENT") return { kind: "none", notice: null };
    return refuse("input_unreadable", shown, `cannot be looked at: ${reasonOf(error)}`);
  }
}

async function followLink(path: string, shown: string): Promise<Entry> {
  try {
    const [target, facts] = await Promise.all([realpath(path), stat(path)]);
    return classify(target, shown, facts, true);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") {
      return refuse("input_link_broken", shown, "is a link to something that does not exist");
    }
    if (code === "ELOOP") {
      return refuse("input_link_broken", shown, "is a link that leads back to itself");
    }
    return refuse(
      "input_unreadable",
      shown,
      `is a link that cannot be followed: ${reasonOf(error)}`,
    );
  }
}

function classify(path: string, shown: string, facts: Stats, viaLink: boolean): Entry {
  if (facts.isFile()) return { kind: "file", path, facts, viaLink };
  if (facts.isDirectory()) return { kind: "folder", path, viaLink };
  return refuse("input_special", shown, `is a ${specialKind(facts)}, not a file; it is left out`);
}

function specialKind(facts: Stats): string {
  if (facts.isFIFO()) return "named pipe";
  if (facts.isSocket()) return "socket";
  if (facts.isBlockDevice() || facts.isCharacterDevice()) return "device";
  return "special entry";
}

function refuse(code: IntakeNotice["code"], path: string, what: string): Entry {
  return { kind: "none", notice: { code, path, message: `${quoted(path)} ${what}.` } };
}
