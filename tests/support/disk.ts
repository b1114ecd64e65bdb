/** Small disks of a test's own: mounted, filled, made read-only, and gone afterwards. I/O; needs the right to mount. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./until.ts";

export interface SmallDisk extends Disposable {
  /** Leaves at most `leaveBytes` free. */
  fill(leaveBytes?: number): void;
  makeRoom(): void;
  /** Waits until nobody writes on it, which may take some tries. */
  setReadOnly(readOnly: boolean): Promise<void>;
}

export function smallDisk(path: string, size: string): SmallDisk {
  mkdirSync(path, { recursive: true });
  run(["mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  const ballast = join(path, ".ballast");
  return {
    fill(leaveBytes = 0) {
      rmSync(ballast, { force: true });
      const free = Number(run(["stat", "-f", "-c", "%a", path])) * 4096;
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, free - leaveBytes)));
      } catch (error) {
        // Somebody wrote meanwhile: full all the same.
        if ((error as { code?: string }).code !== "ENOSPC") throw error;
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    setReadOnly: async (readOnly) => {
      const options = `remount,${readOnly ? "ro" : "rw"},size=${size}`;
      await until(
        `the disk is ${options}`,
        () => Bun.spawnSync(["mount", "-o", options, path]).exitCode === 0,
      );
    },
    [Symbol.dispose]: () => void Bun.spawnSync(["umount", "-l", path]),
  };
}

export const mayMount: boolean = (() => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const path = `/tmp/kc-mount-probe-${process.pid}`;
  try {
    smallDisk(path, "64k")[Symbol.dispose]();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
})();

function run(command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
  return stdout.toString().trim();
}
