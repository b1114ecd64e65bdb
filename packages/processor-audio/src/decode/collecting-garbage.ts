/** Keeps memory flat while a long recording streams by. Worker side; no I/O. */
import { SAMPLE_RATE } from "./decoder.ts";

/** Samples between collections: two minutes of sound. */
const COLLECT_EVERY = SAMPLE_RATE * 120;

/** Passes samples on. The arrays of decoders pile up to hundreds of MB before the engine collects them by itself; here it costs a few ms each time. */
export async function* collectingGarbage(
  samples: AsyncIterable<Int16Array>,
): AsyncGenerator<Int16Array> {
  let uncollected = 0;
  for await (const chunk of samples) {
    yield chunk;
    uncollected += chunk.length;
    if (uncollected < COLLECT_EVERY) continue;
    Bun.gc(true);
    uncollected = 0;
  }
}
