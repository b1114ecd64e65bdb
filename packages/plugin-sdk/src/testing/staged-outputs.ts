/** The outputs of one test run: names are checked as the host checks them, files are written to a staging folder. I/O. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** An output as it lies in the staging folder after the run. */
export interface StagedOutput {
  readonly role: string;
  readonly fileName: string;
  readonly path: string;
  text(): Promise<string>;
}

/** Hands out staged paths for `ctx.output`, and afterwards collects what was written to them. */
export function stagedOutputs(processor: string, folder: string, produces: readonly string[]) {
  const roleByName = new Map<string, string>();

  return {
    output(role: string, fileName: string): string {
      checkRole(processor, role, produces);
      checkFileName(processor, fileName);
      const known = roleByName.get(fileName);
      if (known !== undefined && known !== role) {
        throw new TypeError(
          `${processor}: output "${fileName}" is already announced as role "${known}", it cannot also be "${role}"`,
        );
      }
      roleByName.set(fileName, role);
      return join(folder, fileName);
    },

    /** In the order they were announced. Throws when one is missing or no regular file, or when there are others. */
    async collect(): Promise<readonly StagedOutput[]> {
      const outputs = [...roleByName].map(([fileName, role]) => staged(folder, role, fileName));
      for (const each of outputs) await checkStaged(processor, each);
      const stray = (await readdir(folder)).find((name) => !roleByName.has(name));
      if (stray !== undefined) {
        throw new Error(
          `${processor}: "${stray}" lies beside its outputs without having been announced by ctx.output(role, fileName)`,
        );
      }
      return outputs;
    },
  };
}

/** @throws TypeError when `produces` does not list the role */
function checkRole(processor: string, role: string, produces: readonly string[]): void {
  if (produces.includes(role)) return;
  throw new TypeError(
    `${processor}: output role "${role}" is not among its "produces": ${produces.join(", ") || "(none)"}`,
  );
}

/** @throws TypeError unless it is one visible path segment of at most 255 bytes */
function checkFileName(processor: string, fileName: string): void {
  const refuse = (why: string) =>
    new TypeError(
      `${processor}: output file name ${JSON.stringify(fileName)} ${why}; give one file name without a folder`,
    );
  if (typeof fileName !== "string" || fileName.trim() === "") throw refuse("is empty");
  if (fileName === "." || fileName === "..") throw refuse("is a folder");
  if (/[/\\]/.test(fileName)) throw refuse("contains a path separator");
  if (/\p{Cc}/u.test(fileName)) throw refuse("contains a control character");
  if (Buffer.byteLength(fileName) > 255) throw refuse("is longer than 255 bytes");
}

function staged(folder: string, role: string, fileName: string): StagedOutput {
  const path = join(folder, fileName);
  return { role, fileName, path, text: () => Bun.file(path).text() };
}

async function checkStaged(processor: string, output: StagedOutput): Promise<void> {
  const stat = await lstat(output.path).catch(() => null);
  if (stat === null) {
    throw new Error(
      `${processor}: output "${output.fileName}" was announced but never written: write it before process returns`,
    );
  }
  if (stat.isFile()) return;
  const kind = stat.isSymbolicLink() ? "a link" : "no regular file";
  throw new Error(
    `${processor}: output "${output.fileName}" is ${kind}: write the content to the path that ctx.output returned`,
  );
}
