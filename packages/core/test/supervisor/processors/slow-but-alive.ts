/** Takes far longer than its timeouts, and shows in each way that it lives. Worker side. */
import { setTimeout as delay } from "node:timers/promises";
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "slow-but-alive",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  accepts: { mimeTypes: ["*/*"] },
  produces: [],
  options: z.object({}),
  async process(_input, ctx) {
    for (let i = 0; i < 3; i += 1) {
      await delay(250);
      ctx.progress(i / 10);
    }
    for (let i = 0; i < 3; i += 1) {
      await delay(250);
      await ctx.checkpoint.save(i);
    }
    ctx.extend(5_000);
    for (const end = performance.now() + 1_200; performance.now() < end;);
    return { meta: { done: true } };
  },
});
