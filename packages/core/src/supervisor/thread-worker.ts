/** Workers in threads of this process, for machines that start no processes, or by `process_isolation.enabled: false`. Host, I/O. */
import { mkdirSync } from "node:fs";
import type { SpawnWorker } from "./port.ts";
import { superviseWorker } from "./spawn-worker.ts";
import { startThread } from "./start-thread.ts";

const ENTRY = new URL("../worker/thread-main.ts", import.meta.url).href;

/** The same as a process to whoever orders it about; its memory is ours, and cannot be told apart or limited. */
export const threadWorker: SpawnWorker = (spec, listener) =>
  superviseWorker({ ...spec, limits: { ...spec.limits, memoryBytes: null } }, listener, () => {
    const { homeId, number, tempDir } = spec;
    mkdirSync(tempDir, { recursive: true });
    return startThread({ entry: ENTRY, homeId, label: String(number), tempDir });
  });
