/** Keeps what a person wrote around the marked block of an earlier output: the staged file takes it over before the intent. Files thread, I/O. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { replaceMarked } from "@knowledge-chipper/plugin-sdk";
import { diskError } from "./commit-error.ts";
import { examine, type Examined } from "./examine.ts";

export interface ToKeepAround {
  readonly stagedPath: string;
  readonly stagingDir: string;
  readonly targetPath: string;
}

export type KeptAround =
  /** `page`: the staged file as it is now, when it takes the place of a page with a marked block; null: there is no such page. */
  | { readonly ok: true; readonly page: (Examined & { readonly previousSha256: string }) | null }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A page of a vault; far below what would take long, far above what a person writes. */
const MOST_BYTES = 16 * 1024 * 1024;

export function keepAround(file: ToKeepAround): KeptAround {
  const { stagedPath, stagingDir, targetPath } = file;
  try {
    const old = readText(targetPath);
    const fresh = old === null ? null : readText(stagedPath);
    const merged = old === null || fresh === null ? null : replaceMarked(old.text, fresh.text);
    if (old === null || merged === null) return { ok: true, page: null };
    if (merged !== fresh?.text) rewrite(stagedPath, merged);
    return { ok: true, page: { ...examine(stagedPath, stagingDir), previousSha256: old.sha256 } };
  } catch (thrown) {
    const { code, message } = diskError(thrown, stagedPath) as { code?: string; message?: string };
    return { ok: false, code: code ?? "output_unreadable", message: String(message) };
  }
}

/** Whole or not at all: a full disk must not leave half a page to be published. */
function rewrite(path: string, text: string): void {
  const part = `${path}.around`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

/** A regular file of valid UTF-8, or null: what cannot be read as text is left to the rules for other files. */
function readText(path: string): { text: string; sha256: string } | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > MOST_BYTES) return null;
    const bytes = readFileSync(fd);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  } finally {
    closeSync(fd);
  }
}
