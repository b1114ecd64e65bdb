/** Gives processors anywhere on disk our own `@knowledge-chipper/plugin-sdk` and `zod`. Worker side. */
import * as sdk from "@knowledge-chipper/plugin-sdk";
import * as zod from "zod";

/**
 * A single .ts file without node_modules can then import both, and its errors and schemas are of our classes. Call before
 * the first import of a processor. `onResolve` is not called for bare names at run time; `module` is.
 */
export function provideModules(): void {
  Bun.plugin({
    name: "knowledge-chipper",
    setup(build) {
      const provide = (name: string, exports: Record<string, unknown>) =>
        build.module(name, () => ({ loader: "object", exports }));
      provide("@knowledge-chipper/plugin-sdk", { ...sdk });
      provide("zod", { ...zod });
    },
  });
}
