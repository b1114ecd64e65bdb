/** Starts a program that takes 600 MB, and waits for it. Worker side. */
import { forEver, hostile } from "../../../../../tests/fixtures/parts/hostile.ts";

export default hostile("child-leak", () => {
  Bun.spawn([
    process.execPath,
    "-e",
    "globalThis.held = new Uint8Array(600e6).fill(1); setInterval(() => {}, 1000)",
  ]);
  return forEver();
});
