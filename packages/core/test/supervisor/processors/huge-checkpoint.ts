/** Saves a checkpoint that no message can hold. Worker side. */
import { hostile } from "../../../../../tests/fixtures/parts/hostile.ts";

export default hostile("huge-checkpoint", async ({ ctx, finish }) => {
  await ctx.checkpoint.save("x".repeat(2_000_000));
  await finish();
});
