/** The ledger as running work sees it: a call that the home's own disk refuses waits for the disk instead of failing. Host, pure. */
import type { Ledger } from "../ledger/port.ts";
import { never, type DiskWatch } from "./disk-watch.ts";

/** Writing calls on the way of a step and at the ends of a job. What a person asks for is refused instead, with the reason. */
const patient = [
  "admit",
  "claim",
  "intend",
  "complete",
  "fail",
  "release",
  "queueGather",
  "saveCheckpoint",
  "setJobState",
  "addActiveTime",
] as const satisfies readonly (keyof Ledger)[];

export function patientLedger(ledger: Ledger, disk: DiskWatch): Ledger {
  const waiting = Object.fromEntries(
    patient.map((name) => [
      name,
      (...args: unknown[]) => {
        const call = ledger[name] as (...given: unknown[]) => Promise<unknown>;
        return disk.untilTaken(() => call(...args), never, null);
      },
    ]),
  );
  return { ...ledger, ...waiting };
}
