/** Samples: what the time since the last one was made of, measured by a clock that neither jumps nor counts a suspended machine. Shared, pure. */

export interface Sample {
  /** Milliseconds since the epoch, at the end of the span. */
  readonly at: number;
  /** Time since the sample before, milliseconds. */
  readonly spanMs: number;
  /** Part of it in which there was work to do. */
  readonly runnableMs: number;
  /** Part of `runnableMs` in which at least one worker was healthy. */
  readonly healthyMs: number;
  /** Part of it in which at least one worker was busy. */
  readonly busyMs: number;
  /** Busy time of all workers together. */
  readonly workerMs: number;
  /** Memory of all workers with what they started, times time: byte-milliseconds. */
  readonly byteMs: number;
  readonly workers: number;
  /** Memory of all workers now. */
  readonly workerBytes: number;
  /** The machine now, in use and in all; null where it cannot be read. */
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
  /** Share of all cores in use since the sample before, 0 to 1. */
  readonly load: number | null;
  /** Free space in the output folder of the newest job. */
  readonly diskFreeBytes: number | null;
}

/** Nothing ran and nothing was looked at. */
export const emptySample: Sample = {
  at: 0,
  spanMs: 0,
  runnableMs: 0,
  healthyMs: 0,
  busyMs: 0,
  workerMs: 0,
  byteMs: 0,
  workers: 0,
  workerBytes: 0,
  usedBytes: null,
  totalBytes: null,
  load: null,
  diskFreeBytes: null,
};
