/** Figures for Prometheus, by its conventions of names and units: counters since this process began, gauges of now. Host, I/O through Control. */
import type { Control, Event } from "@knowledge-chipper/core";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  /** Media type and text of a scrape. */
  read(): Promise<{ type: string; text: string }>;
  close(): void;
}

const JOB_STATES = [
  "planned",
  "running",
  "paused",
  "draining",
  "completed",
  "completed_with_problems",
  "interrupted",
  "cancelled",
] as const;
const LEVELS = ["normal", "caution", "hold", "reclaim", "kill"] as const;

export async function createMetrics(control: Control): Promise<Metrics> {
  const registry = new Registry();
  const registers = [registry];
  const steps = new Counter({
    name: "kc_steps_total",
    help: "Steps that ended, by stage and how",
    labelNames: ["stage", "outcome"],
    registers,
  });
  const items = new Counter({
    name: "kc_items_total",
    help: "Items that reached a final state",
    labelNames: ["state"],
    registers,
  });
  const attempts = new Counter({
    name: "kc_attempts_total",
    help: "Attempts started",
    labelNames: ["stage"],
    registers,
  });
  const crashes = new Counter({
    name: "kc_worker_crashes_total",
    help: "Deaths of workers with a step in hand, by reason",
    labelNames: ["stage", "reason"],
    registers,
  });
  const outputBytes = new Counter({
    name: "kc_output_bytes_total",
    help: "Bytes of committed outputs",
    labelNames: ["stage"],
    registers,
  });
  const durations = new Histogram({
    name: "kc_step_duration_seconds",
    help: "Time of completed steps in their worker",
    labelNames: ["stage"],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600],
    registers,
  });
  const gauges = createGauges(control, registers);

  const count = (event: Event): void => {
    const stage = event.stage ?? "";
    switch (event.type) {
      case "step:started":
        attempts.inc({ stage });
        break;
      case "step:completed":
        steps.inc({ stage, outcome: event.cached === true ? "cached" : "completed" });
        durations.observe({ stage }, event.durationMs / 1_000);
        outputBytes.inc({ stage }, event.outputBytes ?? 0);
        break;
      case "step:failed":
        steps.inc({ stage, outcome: event.retryAt === undefined ? "failed" : "retried" });
        break;
      case "step:crashed":
        crashes.inc({ stage, reason: event.reason });
        steps.inc({ stage, outcome: event.retryAt === undefined ? "quarantined" : "retried" });
        break;
      case "item:state":
        if (isFinal(event.state)) items.inc({ state: event.state });
        break;
      default:
        break;
    }
  };
  const stop = await control.subscribe((events) => events.forEach(count));

  return {
    async read() {
      await gauges.refresh();
      return { type: registry.contentType, text: await registry.metrics() };
    },
    close: stop,
  };
}

function createGauges(control: Control, registers: Registry[]) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const jobs = gauge("kc_jobs", "Jobs on record", ["state"]);
  const queue = gauge("kc_queued_items", "Items of running jobs that wait for their turn");
  const workers = gauge("kc_workers", "Worker processes", ["state"]);
  const workerMemory = gauge(
    "kc_worker_memory_bytes",
    "Memory of all workers with what they started",
  );
  const memoryUsed = gauge("kc_memory_used_bytes", "Memory in use, where the limit is tightest");
  const memoryLimit = gauge("kc_memory_limit_bytes", "Memory that may be used");
  const pressure = gauge(
    "kc_memory_pressure_level",
    "0 normal, 1 caution, 2 hold, 3 reclaim, 4 kill",
  );
  const commits = new CommitDurations(registers);

  return {
    async refresh(): Promise<void> {
      const now = await control.vitals();
      for (const state of JOB_STATES) jobs.set({ state }, now.jobs[state] ?? 0);
      queue.set(now.queuedItems);
      workers.reset();
      for (const { state } of now.workers) workers.inc({ state });
      workerMemory.set(now.workerBytes);
      if (now.memory !== null) {
        memoryUsed.set(now.memory.usedBytes);
        memoryLimit.set(now.memory.limitBytes);
        pressure.set(LEVELS.indexOf(now.memory.level));
      }
      commits.counted = now.commits;
    },
  };
}

/** A histogram that is counted where commits happen, and only told here: prom-client's own counts what it is given. */
class CommitDurations extends Gauge {
  counted: Awaited<ReturnType<Control["vitals"]>>["commits"] | null = null;

  constructor(registers: Registry[]) {
    super({
      name: "kc_commit_duration_seconds",
      help: "Time of a commit, from a worker's result to its acknowledgement",
      registers,
    });
  }

  override async get() {
    const told = await super.get();
    // The types say a number; the text has this word.
    const type = "histogram" as unknown as typeof told.type;
    if (this.counted === null) return { ...told, type, values: [] };
    const { bounds, atMost, count, sumSeconds } = this.counted;
    const value = (suffix: string, one: number, labels = {}) => ({
      metricName: `kc_commit_duration_seconds_${suffix}`,
      labels,
      value: one,
    });
    const buckets = bounds.map((bound, at) => value("bucket", atMost[at] ?? 0, { le: bound }));
    return {
      ...told,
      type,
      values: [
        ...buckets,
        value("bucket", count, { le: "+Inf" }),
        value("sum", sumSeconds),
        value("count", count),
      ],
    };
  }
}

function isFinal(state: string): boolean {
  return ["completed", "failed", "quarantined", "skipped", "cancelled"].includes(state);
}
