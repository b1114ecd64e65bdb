/** Named places at which a test can kill the process, on the way of one item; nothing at all in a normal run. Shared, I/O only under test. */

declare const KC_FAULT_POINTS: boolean | undefined;

/** What happens at each place, in the order in which one item meets them. */
export const faultSteps = [
  /** Transaction that marks steps as running. */
  "claim",
  /** Output written into the attempt's staging folder by the worker. */
  "stage",
  /** Staged output hashed and flushed by the host. */
  "fsync",
  /** Transaction that says what is about to be published. */
  "intent",
  /** Output linked or renamed into its place. */
  "publish",
  /** Folder of the output flushed. */
  "folder-fsync",
  /** Transaction that makes the step completed (or failed). */
  "final",
  /** Worker told that its result is durable. */
  "acknowledgement",
  /** Line added to the manifest of the output folder. */
  "manifest",
] as const;

/** Of a restore by a person, in order. */
export const restoreFaults = [
  "restore-prepared",
  "restore-aside",
  "restore-checkpoints",
  "restore-placed",
] as const;

export type FaultPoint =
  | `${"before" | "after"}-${(typeof faultSteps)[number]}`
  | (typeof restoreFaults)[number];

export const faultPoints: readonly FaultPoint[] = faultSteps.flatMap(
  (step) => [`before-${step}`, `after-${step}`] as const,
);

let hits = 0;

/**
 * Ends this process with SIGKILL when it was started with `bun --define KC_FAULT_POINTS=true` and `KC_FAULT_POINT=<name>[:n]` names
 * this point; `n` (default 1) counts the hits of the calling thread. Without the define the body folds away.
 */
export function faultPoint(point: FaultPoint): void {
  if (typeof KC_FAULT_POINTS === "undefined" || !KC_FAULT_POINTS) return;
  const [name, nth = "1"] = (process.env["KC_FAULT_POINT"] ?? "").split(":");
  if (name !== point) return;
  hits += 1;
  if (hits >= Number(nth)) process.kill(process.pid, "SIGKILL");
}
