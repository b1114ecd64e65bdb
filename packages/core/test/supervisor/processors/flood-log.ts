/** Logs 100 MB without a pause. Worker side. */
import { hostile } from "../../../../../tests/fixtures/parts/hostile.ts";

export default hostile("flood-log", async ({ ctx, finish }) => {
  const line = "words ".repeat(200);
  for (let i = 0; i < 80_000; i += 1) ctx.log.info(line);
  await finish();
});
