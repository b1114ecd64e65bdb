/** Folders that look like a machine's /proc and /sys to whoever reads them, written as the kernel writes them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function writeMachine(root: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return root;
}

const KIB = 1024;

/** The lines of /proc/meminfo that matter, among others. */
export function meminfo(bytes: {
  total: number;
  available: number;
  swap?: number;
  swapFree?: number;
}): string {
  const line = (name: string, value: number) =>
    `${`${name}:`.padEnd(16)}${String(Math.floor(value / KIB)).padStart(8)} kB\n`;
  return [
    line("MemTotal", bytes.total),
    line("MemFree", bytes.available / 2),
    line("MemAvailable", bytes.available),
    line("Buffers", 2_261_000),
    line("Cached", bytes.available / 2),
    line("SwapCached", 0),
    line("SwapTotal", bytes.swap ?? 0),
    line("SwapFree", bytes.swapFree ?? bytes.swap ?? 0),
    "HugePages_Total:       0\n",
  ].join("");
}

/** A pressure file; in percent, as it has them. */
export function pressure(some: number, full: number): string {
  const line = (kind: string, avg10: number) =>
    `${kind} avg10=${avg10.toFixed(2)} avg60=1.03 avg300=0.20 total=104562\n`;
  return line("some", some) + line("full", full);
}
