/** The list of routes in docs/http-api.md, made of the API's own description: `bun tests/support/api-routes.ts` writes it. I/O when run. */
// @boundaries-ignore the description is made of the routes themselves
import { openApi } from "../../packages/server/src/api/openapi.ts";
import { writeSection } from "./doc-section.ts";
import { table } from "./figures.ts";

export function routeList(): string {
  const { paths } = openApi() as {
    paths: Record<string, Record<string, { summary: string }>>;
  };
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => [
      `\`${method.toUpperCase()} ${path}\``,
      summary,
    ]),
  );
  return table(["route", "what"], rows);
}

if (import.meta.main) writeSection("http-api.md", "routes", routeList());
