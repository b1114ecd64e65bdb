/** The list of routes that people read is the one that the server has. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { routeList } from "../support/api-routes.ts";
import { repository } from "../support/kc.ts";

test("docs/http-api.md lists the routes as they are (bun tests/support/api-routes.ts writes them)", async () => {
  const text = await Bun.file(join(repository, "docs/http-api.md")).text();
  expect(text).toContain(routeList());
});
