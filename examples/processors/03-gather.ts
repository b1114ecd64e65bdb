/** Writes one page with a link to everything the job made, sorted into one section for each folder. Runs once, at the end. */
import { defineProcessor, SDK_VERSION, type GatherItem } from "@knowledge-chipper/plugin-sdk";
import { z } from "zod";

export default defineProcessor({
  name: "contents",
  version: "1.0.0",
  sdk: SDK_VERSION,
  kind: "gather",
  description: "Writes a table of contents of everything the job made.",
  produces: ["contents"],
  options: z.object({
    title: z.string().default("Contents").describe("Heading of the page."),
    roles: z
      .array(z.string())
      .default([])
      .describe("Only artifacts of these roles are linked; empty: all."),
  }),

  async process(input, ctx) {
    const { title, roles } = ctx.options;
    const page = Bun.file(ctx.output("contents", "contents.md")).writer();
    await page.write(`# ${escaped(title)}\n\n${input.count} files, ${day(ctx.jobTime)}\n`);

    let folder: string | null = null;
    let done = 0;
    // Items come one by one and in order: a hundred thousand of them never lie in memory together.
    for await (const item of input.items()) {
      ctx.signal.throwIfAborted();
      if (folderOf(item) !== folder) {
        folder = folderOf(item);
        await page.write(`\n## ${escaped(folder)}\n\n`);
      }
      await page.write(entry(item, roles));
      ctx.progress((done += 1) / input.count);
    }
    await page.end();
  },
});

function entry({ source, artifacts }: GatherItem, roles: readonly string[]): string {
  const links = artifacts
    .filter(({ role }) => roles.length === 0 || roles.includes(role))
    .map(({ role, relativePath }) => `[${escaped(role)}](${href(relativePath)})`);
  return `- ${escaped(source.name)}${links.length > 0 ? `: ${links.join(", ")}` : ""}\n`;
}

function folderOf({ source }: GatherItem): string {
  return source.relativePath.split("/").slice(0, -1).join("/") || "Top";
}

/** In UTC: the same on every machine. */
function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, "\\$&");
}

/** A path as a link's target: parentheses and spaces would end it. */
function href(relativePath: string): string {
  const segment = (name: string) =>
    encodeURIComponent(name).replaceAll("(", "%28").replaceAll(")", "%29");
  return relativePath.split("/").map(segment).join("/");
}
