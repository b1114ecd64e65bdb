import { describe, expect, test } from "bun:test";
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import { readHtml } from "../src/read/html.ts";
import { bytesOf, noLimits, outline, positions } from "./support/readers.ts";

const read = (html: string | Uint8Array) =>
  readHtml(typeof html === "string" ? bytesOf(html) : html, "page.html", noLimits);
const prose = "This sentence is long enough to count as prose, with commas, and with an end. ";

describe("a web page", () => {
  test("with a main part is read there: headings, paragraphs, list items", async () => {
    const page = await read(
      `<html lang="en-GB"><title>How loops work | The Site</title><nav>Home</nav><main><h1>How loops work ¶</h1><p>First <b>bold</b><br>line.<h2>Part</h2><ul><li>one<li>two</ul></main><footer>Imprint</footer>`,
    );
    expect(page.title).toBe("How loops work");
    expect(page.language).toBe("en-GB");
    expect(outline(page)).toEqual([
      [null, "First bold", "line."],
      ["Part", "one", "two"],
    ]);
    expect(positions(page)).toEqual([
      { paragraph: 1 },
      { paragraph: 2 },
      { paragraph: 3 },
      { paragraph: 4 },
    ]);
  });

  test("is called by the part of its title that is a heading, else by the first one", async () => {
    const titled = async (title: string) =>
      (await read(`<title>${title}</title><main><h2>What are loops?</h2><p>Text.</p></main>`))
        .title;
    expect(await titled("A Very Long Name of a Site - What are loops?")).toBe("What are loops?");
    expect(await titled("Blog | On loops | The Site")).toBe("On loops");
    expect(await titled("Loops")).toBe("Loops");
  });

  test("leaves out code, figures, scripts, forms, what is hidden, and tables of figures", async () => {
    const page = await read(
      `<article><p>Kept.</p><pre>hidden</pre><figure><img><figcaption>hidden</figcaption></figure><script>hidden()</script><form>hidden</form><div hidden>hidden</div><p style="display: none">hidden</p><table><tr><td>hidden</td><td>12</td></tr></table><p>Note<sup>1</sup> too.</p></article>`,
    );
    expect(outline(page)).toEqual([[null, "Kept.", "Note too."]]);
  });

  test("keeps the prose of a table that lays out an old page", async () => {
    const page = await read(`<body><table><tr><td>Menu<td>${prose.repeat(3)}</table></body>`);
    expect(outline(page).flat()).toContain(prose.repeat(3).trim());
  });

  test("without a main part is read where Readability finds the article", async () => {
    const page = await read(
      `<html><head><title>A page</title></head><body><div class="menu"><a href="/">Home</a><a href="/b">Blog</a></div><div class="content"><h2>Part</h2><p>${prose.repeat(4)}</p><p>${prose.repeat(4)}</p></div><div class="footer">Imprint</div></body></html>`,
    );
    expect(outline(page)).toEqual([["Part", prose.repeat(4).trim(), prose.repeat(4).trim()]]);
  });

  test("is read as a whole when nothing looks like an article", async () => {
    expect(outline(await read("<p>Short.</p><p>Page.</p>"))).toEqual([[null, "Short.", "Page."]]);
  });

  test("ignores an empty main part", async () => {
    const page = await read(`<main></main><div><p>${prose.repeat(5)}</p></div>`);
    expect(outline(page).flat()).toContain(prose.repeat(5).trim());
  });

  test("is decoded as its meta tag says", async () => {
    const html = `<meta charset="windows-1251"><main><p>\xCF\xF0\xE8\xE2\xE5\xF2</p></main>`;
    expect(outline(await read(Buffer.from(html, "latin1")))).toEqual([[null, "Привет"]]);
  });

  test("that is no HTML is refused", async () => {
    await expect(read("just words")).rejects.toThrow("page.html is not a web page");
  });

  test("50,000 elements deep is refused at once", async () => {
    const begun = performance.now();
    const deep = `<main>${"<div>".repeat(50_000)}hi${"</div>".repeat(50_000)}</main>`;
    await expect(read(deep)).rejects.toThrow(PermanentError);
    await expect(read(deep)).rejects.toThrow("nested more than 5000 elements deep");
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  test("with 20,000 tables that never close is refused at once", async () => {
    await expect(read(`<body>${"<table><tr><td>".repeat(20_000)}`)).rejects.toThrow("is damaged");
  });

  test("nested 2,000 deep is read without Readability, with a warning", async () => {
    const begun = performance.now();
    const page = await read(`<body>${"<div>".repeat(2000)}<p>${prose}</p>`);
    expect(outline(page)).toEqual([[null, prose.trim()]]);
    expect(page.warnings.join()).toContain("all of its text is read");
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  test("of 60,000 paragraphs is read within seconds", async () => {
    const begun = performance.now();
    const page = await read(`<main>${`<p>${prose}</p>`.repeat(60_000)}</main>`);
    expect(page.sections[0]?.blocks.length).toBe(60_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
