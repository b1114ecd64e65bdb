/** The outputs of one step: names are checked when they are announced, files when the step is done. Worker side. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface StagedOutput {
  readonly role: string;
  readonly fileName: string;
  readonly stagedPath: string;
}

export interface StagedOutputs {
  /** See `ProcessorContext.output`. */
  announce(role: string, fileName: string): string;
  /**
   * What was announced, in that order.
   * @throws PermanentError when one is missing or no regular file, or when a file lies there that was not announced
   */
  collect(): StagedOutput[];
}

/** @param folder staging folder of the attempt; made when the first output is announced */
export function stagedOutputs(
  processor: string,
  folder: string,
  produces: readonly string[],
): StagedOutputs {
  const roles = new Map<string, string>();

  return {
    announce: (role, fileName) => {
      checkRole(processor, role, produces);
      checkFileName(processor, fileName);
      const known = roles.get(fileName);
      if (known !== undefined && known !== role) {
        throw broken(
          `${processor}: output "${fileName}" is already announced as role "${known}", it cannot also be "${role}"`,
        );
      }
      if (roles.size === 0) mkdirSync(folder, { recursive: true });
      roles.set(fileName, role);
      return join(folder, fileName);
    },

    collect: () => {
      // Who announced nothing never learned where the folder is.
      if (roles.size === 0) return [];
      const stray = readdirSync(folder).find((name) => !roles.has(name));
      if (stray !== undefined) {
        throw broken(
          `${processor}: "${stray}" lies beside its outputs without having been announced by ctx.output(role, fileName)`,
        );
      }
      const outputs = [...roles].map(([fileName, role]) => ({
        role,
        fileName,
        stagedPath: join(folder, fileName),
      }));
      for (const each of outputs) checkFile(processor, each);
      return outputs;
    },
  };
}

function checkRole(processor: string, role: string, produces: readonly string[]): void {
  if (produces.includes(role)) return;
  throw broken(
    `${processor}: output role "${role}" is not among its "produces": ${produces.join(", ") || "(none)"}`,
  );
}

/** One visible path segment of at most 255 bytes. */
function checkFileName(processor: string, fileName: unknown): void {
  const refuse = (why: string) =>
    broken(
      `${processor}: output file name ${JSON.stringify(fileName)} ${why}; give one file name without a folder`,
    );
  if (typeof fileName !== "string" || fileName.trim() === "") throw refuse("is empty");
  if (fileName === "." || fileName === "..") throw refuse("is a folder");
  if (/[/\\]/.test(fileName)) throw refuse("contains a path separator");
  if (/\p{Cc}/u.test(fileName)) throw refuse("contains a control character");
  if (Buffer.byteLength(fileName) > 255) throw refuse("is longer than 255 bytes");
}

function checkFile(processor: string, { fileName, stagedPath }: StagedOutput): void {
  const stat = lstatSync(stagedPath, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw broken(
      `${processor}: output "${fileName}" was announced but never written: write it before process returns`,
    );
  }
  if (stat.isFile()) return;
  const kind = stat.isSymbolicLink() ? "a link" : "no regular file";
  throw broken(
    `${processor}: output "${fileName}" is ${kind}: write the content to the path that ctx.output returned`,
  );
}

/** A rule of the contract that trying again will break again. */
function broken(message: string): PermanentError {
  return new PermanentError(message, { code: "output_invalid" });
}
