/** Thousands of notes in bounded time and memory, and an import that costs next to nothing. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { mapsOf, withNotes, type TestNote } from "./maps.ts";

const SUBJECTS = [
  ["compound interest", "index fund", "investor", "portfolio"],
  ["sleep", "memory consolidation", "caffeine", "circadian rhythm"],
  ["retriever", "language model", "embedding", "vector database"],
  ["habit loop", "environment design", "routine", "motivation"],
] as const;

function notes(number: number): TestNote[] {
  return Array.from({ length: number }, (_, i) => {
    const words = SUBJECTS[i % 4] ?? SUBJECTS[0];
    const sentences = Array.from({ length: 6 }, (_, j) => {
      const [a, b] = [words[(i + j) % 4], words[(i * 3 + j * 2 + 1) % 4]];
      return `Person${i % 50} Surname${i % 50} said that the ${a} needs the ${b}. The word${i * 7 + j} matters.`;
    });
    return {
      name: `n${String(i).padStart(5, "0")}.md`,
      source: `# Note ${i}\n\n${sentences.join(" ")}\n`,
    };
  });
}

test("2,000 notes take seconds and little memory, and four times as many about four times the work", async () => {
  await workOf(200);
  const before = process.memoryUsage.rss();
  const [small, large] = [await workOf(500), await workOf(2000)];
  expect(large).toBeLessThan(20_000);
  // Work that grew with the square of the notes would be 16 times as much.
  expect(large / small).toBeLessThan(8);
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(400);
}, 60_000);

test("importing the module loads neither the language model nor anything else that is heavy", async () => {
  const script = `
    const { default: moc } = await import(${JSON.stringify(join(import.meta.dir, "../src/index.ts"))});
    const loaded = Object.keys(require.cache).filter((path) => /wink|hclust|\\/yaml\\//.test(path));
    console.log(JSON.stringify({ name: moc.name, loaded }));
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  expect(JSON.parse(await child.stdout.text())).toEqual({ name: "moc", loaded: [] });
});

/** Processor time in ms: a busy machine does not count. */
async function workOf(number: number): Promise<number> {
  return await withNotes(notes(number), async (items) => {
    const start = process.cpuUsage();
    const maps = await mapsOf(items);
    const { user, system } = process.cpuUsage(start);
    expect(maps["MOC.md"]).toContain(`Generated from ${number} source files`);
    return (user + system) / 1000;
  });
}
