/** The code on the page about writing processors is the code of the examples, word for word. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const page = await Bun.file(join(root, "docs/writing-a-processor.md")).text();
const quoted = [...page.matchAll(/<!-- (examples\S+) -->\n```ts\n(.*?)```/gs)];

test("every block of TypeScript names the file it is quoted from", () => {
  expect(quoted.length).toBeGreaterThan(0);
  expect(quoted).toHaveLength(page.match(/^```ts$/gm)?.length ?? 0);
});

test.each(quoted.map(([, file = "", code = ""]) => [file, code]))(
  "%s has the code that is quoted from it",
  async (file, code) => {
    expect(await Bun.file(join(root, file)).text()).toContain(code);
  },
);

test("the links of the page lead somewhere", async () => {
  const links = [...page.matchAll(/\]\((\.\.?\/[^)#]+)/g)].map(([, link = ""]) => link);
  for (const link of links) {
    const found = await Bun.$`test -e ${join(root, "docs", link)}`.nothrow().quiet();
    expect([link, found.exitCode]).toEqual([link, 0]);
  }
});
