/** Returns what it was given as its meta, and says something in every way there is. Worker side. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { defineProcessor, SDK_VERSION } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

const known =
  /^(PATH|HOME|USER|LOGNAME|LANG.*|LC_.*|TZ|TMPDIR|LD_LIBRARY_PATH|SSL_.*|NODE_EXTRA_CA_CERTS|KC_.*|NO_COLOR|DO_NOT_TRACK|BUN_.*|.*_(?:PROXY|proxy))$/;

export default defineProcessor({
  name: "shows-context",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "map",
  accepts: { mimeTypes: ["*/*"] },
  produces: ["copy"],
  options: z.object({ greeting: z.string(), unset: z.number().default(5) }),
  async process({ source }, ctx) {
    ctx.progress(0);
    ctx.log.info("by ctx.log");
    console.log("by console.log");
    console.error("by console.error");
    await Bun.write(ctx.output("copy", `${source.stem}_copy.txt`), "copied");
    const entries = readdirSync(ctx.tempDir);
    await Bun.write(`${ctx.tempDir}/scratch`, "left behind");
    // Long enough for the pipes to be read while the step is in hand.
    await Bun.sleep(50);
    return {
      meta: {
        ...ctx.options,
        jobTime: ctx.jobTime.toISOString(),
        env: { ...ctx.env },
        leaked: Object.keys(process.env).filter((name) => !known.test(name)),
        channel: ["send", "disconnect", "channel"].filter(
          (name) => (process as unknown as Record<string, unknown>)[name] !== undefined,
        ),
        tempWasEmpty: entries.length === 0,
        cwd: process.cwd(),
        tmpdir: tmpdir(),
      },
    };
  },
  teardown() {
    console.log("teardown ran");
  },
});
