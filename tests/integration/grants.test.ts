import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { kc } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

/** A stranger in one file, with no package around it: it writes down everything it can see of the environment. */
const nosy = `
import { z } from "zod";
export default {
  name: "nosy", version: "1.0.0", sdk: 1, kind: "map",
  accepts: { mimeTypes: ["*/*"] }, produces: ["seen"], options: z.object({}),
  env: ["KC_TEST_ASKED", "KC_TEST_GRANTED"],
  async process({ source }, ctx) {
    const seen = { granted: ctx.env, own: Object.keys(process.env), argv: process.argv };
    await Bun.write(ctx.output("seen", source.stem + "_seen.json"), JSON.stringify(seen));
  },
};
`;

const secrets = {
  KC_TEST_ASKED: "secret-1",
  KC_TEST_GRANTED: "secret-2",
  KC_TEST_OTHER: "secret-3",
};

describe("a third-party processor", () => {
  test("sees the variables that the user granted it, and no others, not even in its own environment", async () => {
    await using space = await workspace();
    await space.file("in/a.txt", "a");
    const module = await space.file("nosy.ts", nosy);
    const config = await space.file(
      "config.yaml",
      "plugins:\n  grants:\n    nosy: [KC_TEST_GRANTED]\n",
    );
    const args = ["run", "in", "--out", "out", "--pipeline", module, "--config", config];
    const result = await kc(space, args, { env: secrets });
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    const text = readFileSync(space.at("out", "a_seen.json"), "utf8");
    const seen = JSON.parse(text) as { granted: Record<string, string>; own: string[] };
    expect(seen.granted).toEqual({ KC_TEST_GRANTED: "secret-2" });
    expect(seen.own.filter((name) => name.startsWith("KC_TEST"))).toEqual([]);
    expect(text).not.toContain("secret-1");
    expect(text).not.toContain("secret-3");
  });
});
