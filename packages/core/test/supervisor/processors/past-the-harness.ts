/** Writes frames of its own into the channel's file descriptor, past the harness that holds it. Worker side. */
import { writeSync } from "node:fs";
import { z } from "zod";
import {
  forEver,
  hostileOptions,
  hostileWith,
} from "../../../../../tests/fixtures/parts/hostile.ts";

const CHANNEL = 3;

const frames = {
  garbage: { what: "nobody asked for" },
  set: { serves: "host", id: "1", type: "SET", path: ["report"], value: { type: "RAW", value: 1 } },
  "forged-result": {
    serves: "host",
    id: "1",
    type: "APPLY",
    path: ["report"],
    argumentList: [
      {
        type: "RAW",
        value: [
          {
            fact: "result",
            attemptId: 999,
            result: { ok: true, outputs: [], meta: {}, durationMs: 1 },
          },
        ],
      },
    ],
  },
  "false-reply": { serves: "worker", id: "1", type: "RAW", value: { version: "9" } },
  prototype: JSON.parse(
    '{"serves":"host","id":"1","type":"APPLY","path":["report"],"argumentList":[],"__proto__":{"polluted":true}}',
  ) as object,
};

const options = hostileOptions.extend({
  message: z.enum(["not-json", ...(Object.keys(frames) as (keyof typeof frames)[])]),
});

export default hostileWith("past-the-harness", options, ({ ctx }) => {
  const { message } = ctx.options;
  writeSync(CHANNEL, message === "not-json" ? "\0{[\n" : `${JSON.stringify(frames[message])}\n`);
  return forEver();
});
