/** The web page in a real browser: in by `kc open`, work seen live, steered by keyboard alone, through the death of its server. */
import { afterAll, expect, test } from "bun:test";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { fixture, kc } from "../support/kc.ts";
import { portServer } from "../support/port-server.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const chromium =
  Bun.which("chromium") ?? Bun.which("chromium-browser") ?? Bun.which("google-chrome");
const HOSTILE = "<img src=x onerror=document.title=1>.txt";
let browser: Browser | null = null;
afterAll(async () => browser?.close());

test.skipIf(chromium === null)(
  "shows jobs live, is steered by keyboard, and outlives its server (needs chromium)",
  async () => {
    await using space = await workspace();
    let server = await portServer(space, ["--workers", "1"]);
    try {
      const page = await loggedIn(space);
      await page.waitForFunction(says("No jobs yet"));
      await submit(space);
      // Progress without a reload.
      await page.waitForFunction(says("running"));
      await page.waitForFunction('document.querySelector("progress").value >= 2');
      await check(page);

      await press(page, "Pause ");
      await page.waitForFunction(says("Waiting to be resumed"));
      await page.waitForFunction('document.querySelector("#waiting button") !== null');
      await press(page, "Resume ");
      await page.waitForFunction('document.querySelector("#recovery").hidden');

      server.child.kill("SIGKILL");
      await server.child.exited;
      await page.waitForFunction(says("Connection lost"));
      const { port } = new URL(server.url);
      server = await portServer(space, ["--listen", `127.0.0.1:${port}`, "--workers", "1"]);
      await page.waitForFunction('document.querySelector("#connection").textContent === "Live"');
      await page.waitForFunction(says("completed with problems"), { timeout: 40_000 });

      await press(page, "drop", "button.name");
      await page.waitForFunction(says("SIGSEGV"));
      // The keyboard is taken along, and a name is text.
      expect(await page.evaluate("document.activeElement.id")).toBe("detail-title");
      await page.waitForFunction(says("onerror"));
      expect(await page.title()).toBe("Knowledge Chipper");
      await check(page);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
      await check(page);
      await page.setViewport({ width: 360, height: 740 });
      await check(page);
      const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
      expect(wide).toBeLessThanOrEqual(360);
      const shots = process.env["KC_PAGE_SHOTS"];
      if (shots !== undefined) await shoot(page, shots);
    } finally {
      server.child.kill("SIGKILL");
      await server.child.exited;
    }
  },
  120_000,
);

test.skipIf(chromium === null)(
  "an interrupted job waits to be resumed, and who is logged out is told (needs chromium)",
  async () => {
    await using space = await workspace();
    const config = await space.file("c.yaml", "safety_features:\n  auto_recovery_enabled: false\n");
    const first = await portServer(space, ["--config", config, "--workers", "1"]);
    await submit(space);
    await until("it runs", async () => {
      const [job] = await first.json<{ items: { completed: number } }[]>("/api/v1/jobs");
      return (job?.items.completed ?? 0) > 0;
    });
    await first[Symbol.asyncDispose]();
    await using server = await portServer(space, ["--config", config, "--workers", "1"]);
    const page = await loggedIn(space);
    await page.waitForFunction('document.querySelector("#waiting button") !== null');
    expect(await page.evaluate('document.querySelector("#waiting").textContent')).toContain("drop");
    await press(page, "Resume ");
    await page.waitForFunction('document.querySelector("#recovery").hidden');
    await kc(space, ["token", "rotate"]);
    await page.reload();
    await page.waitForFunction(says("Logged out"));
    expect(server.child.exitCode).toBe(null);
  },
  120_000,
);

async function loggedIn(space: Workspace): Promise<Page> {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  browser ??= await puppeteer.launch({ executablePath: chromium ?? "", args });
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto((await kc(space, ["open"])).stdout.trim());
  await page.waitForFunction('document.querySelector("#connection").textContent === "Live"');
  return page;
}

/** A job of some seconds with a file that kills its worker. */
async function submit(space: Workspace): Promise<void> {
  for (let n = 0; n < 12; n += 1) await space.file(`drop/${n}.txt`, "text");
  await space.file(`drop/${HOSTILE}`, "trigger");
  const spec = {
    name: "drop",
    paths: [space.at("drop")],
    pipeline: [fixture("segfault")],
    outDir: space.out,
    options: { segfault: { trigger: "img src", delayMs: 400 } },
  };
  const response = await fetch("http://kc/api/v1/jobs", {
    unix: space.at("home", "server.sock"),
    method: "POST",
    body: JSON.stringify(spec),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** Goes with Tab to the button whose name begins so, and presses it. */
async function press(page: Page, label: string, selector = "button"): Promise<void> {
  await page.evaluate("document.activeElement.blur()");
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(`{
      const at = document.activeElement;
      const name = at.getAttribute("aria-label") ?? at.textContent ?? "";
      at.matches(${JSON.stringify(selector)}) && name.startsWith(${JSON.stringify(label)});
    }`);
    if (found) return page.keyboard.press("Enter");
  }
  throw new Error(`no Tab leads to "${label}"`);
}

/** Runs in the page. */
const ACCESSIBILITY = `(() => {
  const found = [];
  for (const each of document.querySelectorAll("button, a, progress")) {
    const name = each.getAttribute("aria-label") ?? each.textContent;
    if (name.trim() === "") found.push(each.tagName + " has no name");
  }
  if (document.documentElement.lang === "") found.push("no language");
  const levels = [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push("not one h1");
  levels.forEach((level, at) => {
    if (at > 0 && level > levels[at - 1] + 1) found.push("a heading skips a level");
  });
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = rgba(color).map((part) =>
      part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (each) => {
    if (each === null) return "white";
    const { backgroundColor } = getComputedStyle(each);
    return rgba(backgroundColor)[3] === 0 ? behind(each.parentElement) : backgroundColor;
  };
  for (const each of document.querySelectorAll("body *")) {
    if (![...each.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim() !== "")) continue;
    const [a, b] = [light(getComputedStyle(each).color), light(behind(each))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(each.tagName + " " + each.textContent + " has contrast " + ratio);
  }
  return found;
})()`;

/** Names, headings and contrast, as they are computed. */
async function check(page: Page): Promise<void> {
  const faults = await page.evaluate(ACCESSIBILITY);
  expect(faults).toEqual([]);
}

async function shoot(page: Page, folder: string): Promise<void> {
  for (const scheme of ["light", "dark"])
    for (const width of [1_100, 360]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport({ width, height: 800 });
      await page.screenshot({ path: `${folder}/${scheme}-${width}.png`, fullPage: true });
    }
}

/** A condition of the page: it shows this text. */
function says(text: string): string {
  return `document.body.innerText.includes(${JSON.stringify(text)})`;
}
