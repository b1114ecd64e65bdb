/** Works for ever, with progress, and hears neither its signal nor SIGTERM. Worker side. */
import { setTimeout as delay } from "node:timers/promises";
import { hostile } from "../../../../../tests/fixtures/parts/hostile.ts";

export default hostile("deaf", async ({ ctx }) => {
  process.on("SIGTERM", () => ctx.log.info("heard SIGTERM and went on"));
  for (let beat = 1; ; beat += 1) {
    ctx.progress(1 - 1 / (beat + 1), `beat ${beat}`);
    await delay(10);
  }
});
