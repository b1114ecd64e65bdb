/** The context of a test run: it records logs and progress and keeps models for the run. Pure. */
import type { Log, ModelCache, ProcessorContext } from "../context.ts";

export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
}

export interface ProgressReport {
  readonly fraction: number;
  readonly message?: string;
}

type Given =
  | "options"
  | "signal"
  | "jobTime"
  | "cpus"
  | "tempDir"
  | "env"
  | "checkpoint"
  | "output";

/** Completes what is `given` to a whole context. */
export function testContext<Options>(given: Pick<ProcessorContext<Options>, Given>) {
  const logs: LogLine[] = [];
  const progress: ProgressReport[] = [];
  const models = modelCache();
  const ctx: ProcessorContext<Options> = {
    ...given,
    models: models.cache,
    log: recordingLog(logs),
    progress: (fraction, message) => {
      progress.push(message === undefined ? { fraction } : { fraction, message });
    },
    extend: () => {},
  };
  return { ctx, logs, progress, disposeModels: models.dispose };
}

function recordingLog(lines: LogLine[]): Log {
  const at = (level: LogLine["level"]) => (message: string) => {
    lines.push({ level, message });
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function modelCache() {
  type Loaded = { model: unknown; dispose?: () => void | Promise<void> };
  const loading = new Map<string, Promise<Loaded>>();
  const cache: ModelCache = {
    async get<T>(key: string, _sizeBytes: number, load: () => Promise<Loaded & { model: T }>) {
      const known = loading.get(key) ?? load();
      loading.set(key, known);
      // A model that failed to load is tried again by the next call, as the host does.
      known.catch(() => loading.delete(key));
      return (await known).model as T;
    },
  };
  const dispose = async () => {
    for (const each of loading.values()) await (await each.catch(() => null))?.dispose?.();
    loading.clear();
  };
  return { cache, dispose };
}
