/** Gives way during long computing: heartbeats pass, progress is told, and a stop is noticed. Worker side. */
import type { ProcessorContext } from "@knowledge-chipper/plugin-sdk";

/** Far below any heartbeat timeout, far above the cost of giving way. */
const BREATH_MS = 50;

/**
 * A function to call often: it is cheap until it is time to give way.
 * @throws the signal's reason, when the step is to stop
 */
export function breather<Options>(
  ctx: ProcessorContext<Options>,
  done: number,
): () => Promise<void> {
  let last = performance.now();
  return async () => {
    ctx.signal.throwIfAborted();
    if (performance.now() - last < BREATH_MS) return;
    ctx.progress(done);
    await new Promise((resolve) => setImmediate(resolve));
    ctx.signal.throwIfAborted();
    last = performance.now();
  };
}
