/** Throws null. Worker side. */
import { hostile } from "../../../../../tests/fixtures/parts/hostile.ts";

export default hostile("odd-throws", () => {
  throw null;
});
