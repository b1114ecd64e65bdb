/** What every part of a running home shares: the ledger, the workers, the disk, the clock. Host, types only. */
import type { Committer } from "../commit/committer.ts";
import type { DiskWatch } from "../commit/disk-watch.ts";
import type { Config } from "../config/schema.ts";
import type { FingerprintPool } from "../intake/fingerprint-pool.ts";
import type { Ledger } from "../ledger/port.ts";
import type { Event } from "../model/event.ts";
import type { ProcessorFacts } from "../model/processor-facts.ts";
import type { WorkerLimits } from "../supervisor/port.ts";
import type { Admission } from "./admission.ts";
import type { AttemptLogs } from "./attempt-logs.ts";
import type { CheckpointPace } from "./checkpoint-pace.ts";
import type { Clock } from "./clock.ts";
import type { Crew } from "./crew.ts";
import type { FreeSpace } from "./free-space.ts";
import type { Latencies } from "./latencies.ts";
import type { MachineWatch } from "./machine.ts";
import type { MemoryGuard } from "./memory-guard.ts";
import type { Models } from "./models.ts";
import type { Places } from "./order.ts";
import type { Prices } from "./prices.ts";
import type { Slots } from "./slots.ts";
import type { Unfinished } from "./unfinished.ts";

export interface Engine {
  /** Waits where the home's own disk refuses; `Home.ledger` says so instead. */
  readonly ledger: Ledger;
  readonly committer: Committer;
  /** How long commits take. */
  readonly commits: Latencies;
  /** Who waits for a disk right now, and why. */
  readonly disk: DiskWatch;
  /** What the last supervisor had intended and a disk does not take yet. */
  readonly unfinished: Unfinished;
  readonly space: FreeSpace;
  readonly clock: Clock;
  readonly crew: Crew;
  readonly slots: Slots;
  readonly admission: Admission;
  readonly prices: Prices;
  readonly models: Models;
  readonly pool: FingerprintPool;
  readonly config: Config;
  readonly limits: WorkerLimits;
  readonly machine: MachineWatch;
  /** How short memory is; it decides how many slots there are. */
  readonly memory: MemoryGuard;
  readonly places: Places;
  readonly checkpoints: CheckpointPace;
  readonly logs: AttemptLogs;
  /** Name of this supervisor's life, the owner of its leases. */
  readonly owner: string;
  /** Processors that may be used. */
  readonly cores: number;
  /** Variables of the host that a processor was granted. */
  grantedEnv(
    processor: ProcessorFacts,
    options: Readonly<Record<string, unknown>>,
  ): Record<string, string>;
  /** Tells subscribers what is not written down (progress). */
  tell(event: Event): void;
  /** A line for the run's own log. */
  note(level: "info" | "warn" | "error", message: string, facts?: Record<string, unknown>): void;
  /** `clock.now`: for times that something waits for; durations are differences of `performance.now()` or `clock.awake()`. */
  now(): number;
  random(): number;
}
