/** Tells a step that has filled the disk itself from one that found it full. Worker side, I/O. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { diskTroubleOf } from "../model/disk-trouble.ts";

/** Who finds the disk full with less than this of its own has met a disk that was full anyway: the job waits for room. */
const OWN_BYTES = 256 * 1024 * 1024;

/**
 * What a step failed of: an error of its own when the disk was full of what it had written, which is then removed, so that
 * others have room; else what was thrown.
 * @param folders what this worker alone writes to
 */
export function blameFullDisk(thrown: unknown, folders: readonly string[]): unknown {
  if (diskTroubleOf(thrown) !== "disk_full") return thrown;
  const bytes = folders.reduce((sum, folder) => sum + bytesIn(folder), 0);
  if (bytes < OWN_BYTES) return thrown;
  for (const folder of folders) empty(folder);
  const mb = Math.round(bytes / 1e6);
  const message = `it had written ${mb} MB itself when the disk was full: make room for more than that, or give it a smaller input, then run \`kc retry\``;
  return new PermanentError(message, { code: "step_filled_disk", cause: thrown });
}

/** Disk space of everything below a folder; links are not followed. */
function bytesIn(folder: string): number {
  try {
    let bytes = 0;
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const { blocks } = lstatSync(join(entry.parentPath, entry.name));
      bytes += blocks * 512;
    }
    return bytes;
  } catch {
    return 0;
  }
}

function empty(folder: string): void {
  try {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  } catch {
    // Not there, or not to be removed now: the host removes it after the step.
  }
}
