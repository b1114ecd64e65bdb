/** What the host lends a processor while it works on one step. Pure types. */
import type { PlainData } from "./input.ts";

/** Saves and loads what a step needs to continue after a crash. Keyed by input bytes, processor version and options. */
export interface Checkpoint {
  /** The last saved value, or null on a first run. Parts added by `append` come in the order of their calls. */
  load<T extends PlainData = PlainData>(): Promise<{ value: T | null; parts: T[] } | null>;
  /**
   * Replaces the saved value (parts stay). Cheap: calls while one is being written are coalesced. Resolves when it is durable with
   * `frequency: per_file`; otherwise, soon after another save, at once: then it is written when the interval is over, before the
   * next part, or when the step fails or is cancelled. With checkpoints switched off nothing is kept.
   */
  save(value: PlainData): Promise<void>;
  /** Adds one part to a growing result. Resolves when it is durable, with every save before it; at once when switched off. */
  append(part: PlainData): Promise<void>;
}

/** Models shared between the steps of one worker. */
export interface ModelCache {
  /**
   * Returns the cached model or loads it.
   * @param key names the model and every option that changes it
   * @param sizeBytes memory it takes once loaded, for the cache limit
   * @param load makes it; the optional `dispose` releases it when it is evicted
   */
  get<T>(
    key: string,
    sizeBytes: number,
    load: () => Promise<{ model: T; dispose?: () => void | Promise<void> }>,
  ): Promise<T>;
}

/** Writes to the log of the attempt; control characters are made visible, size is bounded. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Everything a processor may use beside its input. */
export interface ProcessorContext<Options> {
  /** Parsed by the processor's schema. */
  readonly options: Options;
  /** Aborted when the step is cancelled or the worker is to stop; a processor that ignores it is killed. */
  readonly signal: AbortSignal;
  /** The only clock an output may show: fixed when the job was planned, the same in every run of it. */
  readonly jobTime: Date;
  /** Threads this step may use, at least 1. */
  readonly cpus: number;
  /** Empty folder of this step alone, deleted afterwards. Not on the output's file system. */
  readonly tempDir: string;
  /** Environment variables granted to this processor, and no others. */
  readonly env: Readonly<Record<string, string>>;
  readonly checkpoint: Checkpoint;
  readonly models: ModelCache;
  readonly log: Log;
  /** Reports how much is done, 0 to 1, and resets the stall clock. Cheap: calls are coalesced. */
  progress(fraction: number, message?: string): void;
  /** Announces up to `ms` milliseconds without progress or heartbeat: one long blocking call ahead. */
  extend(ms: number): void;
  /**
   * Names an output and returns the staged path to write it to. It becomes an artifact when `process` returns.
   * @param role what it is for; one of `produces`
   * @param fileName one path segment, e.g. `${input.source.stem}_summary.md`
   */
  output(role: string, fileName: string): string;
}

/** What `setup` gets: a context without a step. */
export type SetupContext<Options> = Pick<
  ProcessorContext<Options>,
  "options" | "signal" | "cpus" | "env" | "log" | "models"
>;
