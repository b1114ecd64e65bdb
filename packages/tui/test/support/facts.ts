/** Plain facts of jobs, steps and events as the core tells them. Pure. */
import type {
  Event,
  ItemCounts,
  Job,
  LiveView,
  ProblemRow,
  StepRow,
} from "@knowledge-chipper/core";
import { emptyDashboard, type Dashboard } from "../../src/state/dashboard.ts";
import { selectJob } from "../../src/state/select-job.ts";

export const noon = Date.parse("2026-03-02T12:00:00.000Z");

export function counts(some: Partial<ItemCounts>): ItemCounts {
  return {
    total: 0,
    queued: 0,
    running: 0,
    retrying: 0,
    completed: 0,
    failed: 0,
    quarantined: 0,
    skipped: 0,
    cancelled: 0,
    ...some,
  };
}

export function aJob(some: Partial<Job> = {}): Job {
  return {
    id: "job1",
    name: "podcast-archive",
    state: "running",
    reason: null,
    reasonCode: null,
    stages: [],
    outDir: "/data/out",
    overwrite: "ours",
    jobTime: "2026-03-02T11:00:00.000Z",
    createdAt: "2026-03-02T11:00:00.000Z",
    updatedAt: "2026-03-02T11:58:00.000Z",
    items: counts({
      total: 300,
      completed: 209,
      running: 2,
      failed: 1,
      quarantined: 1,
      queued: 87,
    }),
    attempts: 215,
    crashes: 3,
    artifacts: 209,
    activeMs: 60_000,
    deaths: 0,
    spec: { paths: [], pipeline: [] },
    ...some,
  };
}

export function aStep(some: Partial<StepRow> = {}): StepRow {
  return {
    item: "ep-041 Ada & the engine.mp3",
    itemIndex: 0,
    stage: "audio",
    state: "completed",
    attempts: { started: 1, failed: 0, crashed: 0 },
    artifacts: [],
    error: null,
    dossier: null,
    durationMs: 2_100,
    ...some,
  };
}

export function aProblem(some: Partial<ProblemRow> = {}): ProblemRow {
  return {
    item: "ep-017 broken.mp3",
    stage: "audio",
    state: "quarantined",
    attempts: { started: 3, failed: 0, crashed: 3 },
    error: { name: "WorkerCrash", code: "worker_crashed", message: "the worker died of SIGSEGV" },
    dossier: null,
    ...some,
  };
}

export function aLiveView(some: Partial<LiveView> = {}): LiveView {
  return {
    job: aJob(),
    running: [
      {
        item: "ep-042 Überlegungen.m4a",
        stage: "audio",
        attempt: 1,
        fraction: 0.63,
        message: "segment 42 of 90",
        forMs: 130_000,
        slow: false,
        worker: 1,
        rssBytes: 1_200_000_000,
      },
    ],
    workers: [
      { number: 1, pid: 11, state: "busy", rssBytes: 1_200_000_000 },
      { number: 2, pid: 12, state: "ready", rssBytes: 50_000_000 },
    ],
    machine: { totalBytes: 16_000_000_000, usedBytes: 4_000_000_000, load: 0.37 },
    memory: null,
    lowSpaceBytes: null,
    isolation: { kind: "process" },
    workerBytes: 1_250_000_000,
    seq: 9,
    ...some,
  };
}

export function crashAt(at: string): Event {
  return {
    seq: 1,
    at,
    type: "step:crashed",
    jobId: "job1",
    item: "a.mp3",
    stage: "audio",
    attemptId: 1,
    reason: "signal",
    error: { name: "WorkerCrash", code: "worker_crashed", message: "died" },
  };
}

export function itemEndedAt(at: string, jobId = "job1"): Event {
  return { seq: 1, at, type: "item:state", jobId, item: "a.mp3", state: "completed" };
}

/** A dashboard that has read these jobs; the first one is selected. */
export function dashboardWith(jobs: readonly Job[], some: Partial<Dashboard> = {}): Dashboard {
  const empty = emptyDashboard({ width: 100, height: 30 }, noon);
  return { ...selectJob({ ...empty, jobs }, jobs[0]?.id ?? null), ...some };
}
