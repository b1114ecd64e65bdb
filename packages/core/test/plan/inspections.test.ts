/** A processor is asked once while its package stays as it is; what the machine lacks is looked for each time. */
import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInspections } from "../../src/plan/inspections.ts";
import { inspectProcessor, type Inspector } from "../../src/supervisor/inspect.ts";
import { tempDirs } from "../temp-dir.ts";

const fresh = tempDirs("inspections");

const counter = `
import { defineProcessor } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";
import { version } from "./version.ts";
export default defineProcessor({
  name: "counter", version, sdk: 1, kind: "map", description: "Counts.",
  accepts: { roles: [], extensions: [".txt"], mimeTypes: [] }, produces: ["count"], env: ["KEY"],
  options: z.object({ least: z.number().default(3) }),
  requirements: (options, { env }) => [
    { name: "a key", met: env.KEY !== undefined, detail: "", howToGet: "set KEY" },
  ],
  process() {},
});
`;

/** A package whose version lies in a file that the module imports. */
function installed() {
  const folder = fresh();
  const setVersion = (version: string) =>
    writeFileSync(join(folder, "version.ts"), `export const version = "${version}";`);
  setVersion("1.0.0");
  writeFileSync(join(folder, "counter.ts"), counter);
  writeFileSync(join(folder, "package.json"), `{"name":"counter","type":"module"}`);
  return { folder, url: Bun.pathToFileURL(join(folder, "counter.ts")).href, setVersion };
}

/** Real inspectors, counted. */
function asker(url: string, now?: () => number) {
  const inspections = createInspections(now);
  let opened = 0;
  const open = () => {
    opened += 1;
    return inspectProcessor({ url, homeId: "0a1b2c3d", tempDir: fresh(), timeoutMs: 60_000 });
  };
  return {
    opened: () => opened,
    async ask<T>(question: (inspector: Inspector) => Promise<T> | T): Promise<T> {
      const inspector = await inspections.over(url, open);
      try {
        return await question(inspector);
      } finally {
        await inspector.close();
      }
    },
  };
}

test("what was answered is not asked again; other options are", async () => {
  const { ask, opened } = asker(installed().url);
  const both = () =>
    ask(async (one) => [one.facts.version, await one.parseOptions({ least: 4 })] as const);
  const first = await both();
  expect(first).toEqual(["1.0.0", { ok: true, options: { least: 4 } }]);
  expect(await both()).toEqual(first);
  expect(opened()).toBe(1);
  expect(await ask((one) => one.parseOptions({}))).toEqual({ ok: true, options: { least: 3 } });
  expect(opened()).toBe(2);
});

test("any file of the package that changes makes everything be asked anew", async () => {
  const { url, setVersion } = installed();
  const { ask, opened } = asker(url);
  expect(await ask(({ facts }) => facts.version)).toBe("1.0.0");
  setVersion("2.0.0");
  expect(await ask(({ facts }) => facts.version)).toBe("2.0.0");
  expect(opened()).toBe(2);
});

test("a module outside of any package is asked each time", async () => {
  const { url, folder } = installed();
  rmSync(join(folder, "package.json"));
  const { ask, opened } = asker(url);
  await ask(({ facts }) => facts.version);
  await ask(({ facts }) => facts.version);
  expect(opened()).toBe(2);
});

test("what is there is believed for a minute, what is missing never", async () => {
  let now = 0;
  const { ask, opened } = asker(installed().url, () => now);
  const isMet = (env: Record<string, string>) =>
    ask(async (one) => (await one.requirements({ least: 3 }, env))[0]?.met);
  expect([await isMet({}), await isMet({})]).toEqual([false, false]);
  expect(opened()).toBe(2);
  expect([await isMet({ KEY: "k" }), await isMet({ KEY: "k" })]).toEqual([true, true]);
  expect(opened()).toBe(3);
  now = 60_000;
  expect(await isMet({ KEY: "k" })).toBe(true);
  expect(opened()).toBe(4);
});
