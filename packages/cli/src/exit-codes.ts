/** What the exit code of a command means. Pure. */
export const exitCodes = {
  /** Every item completed or skipped. */
  done: 0,
  /** The job ended and some item failed or was quarantined, or a gather stage failed. */
  problems: 1,
  /** Bad usage or configuration. */
  usage: 2,
  /** The job paused and needs a person. */
  needsPerson: 3,
  /** `kc wait --timeout` ran out, as of timeout(1). */
  timedOut: 124,
  /** Interrupted by SIGINT; resumable. */
  interrupted: 130,
  /** Ended by SIGTERM; resumable. */
  terminated: 143,
} as const;
