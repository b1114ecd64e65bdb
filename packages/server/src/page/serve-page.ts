/** The web page and the readable form of the API's description: files of this folder, nothing from elsewhere. Host, I/O. */
import { Hono } from "hono";

const files = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page/app.js": ["app.js", "text/javascript; charset=utf-8"],
  "/page/style.css": ["style.css", "text/css; charset=utf-8"],
} as const;

/** Only what this server itself sends is run or shown. */
const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

export function pageRoutes(): Hono {
  const app = new Hono();
  for (const [path, [file, type]] of Object.entries(files)) {
    app.get(
      path,
      () =>
        new Response(Bun.file(`${import.meta.dir}/${file}`), {
          headers: { ...PAGE_HEADERS, "content-type": type },
        }),
    );
  }
  app.get("/favicon.ico", () => new Response(null, { status: 204 }));
  app.get("/api", async () => {
    const { apiPage } = await import("./api-page.ts");
    return new Response(apiPage(), {
      headers: { ...PAGE_HEADERS, "content-type": "text/html; charset=utf-8" },
    });
  });
  return app;
}
