/** What happens right now in the whole home, as plain data for screens and monitoring. Host, pure. */
import type { LatencyCounts } from "../engine/latencies.ts";
import type { MachineView } from "../engine/machine.ts";
import type { MemoryView } from "../engine/memory-guard.ts";
import type { Home } from "../home.ts";
import type { JobState } from "../model/job.ts";

export interface Vitals {
  /** Jobs on record, by state. */
  readonly jobs: Readonly<Partial<Record<JobState, number>>>;
  /** Items of jobs that run, waiting for their turn or their retry. */
  readonly queuedItems: number;
  readonly workers: readonly {
    readonly number: number;
    readonly pid: number;
    readonly state: string;
    readonly rssBytes: number;
  }[];
  readonly workerBytes: number;
  readonly memory: MemoryView | null;
  readonly machine: MachineView | null;
  /** From a result of a worker to its acknowledgement, both durable. */
  readonly commits: LatencyCounts;
}

export function vitalsOf({ engine }: Home): Vitals {
  const { workers } = engine.crew;
  const { byState, queuedItems } = engine.ledger.jobTotals();
  return {
    jobs: byState,
    queuedItems,
    workers: workers.map(({ number, pid, state, rssBytes }) => ({ number, pid, state, rssBytes })),
    workerBytes: workers.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    memory: engine.memory.view,
    machine: engine.machine.view(),
    commits: engine.commits.counts(),
  };
}
