/** Small ledgers for tests: a temporary home, jobs of n items, steps brought to a given state. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LedgerOptions, openLedger } from "../../src/ledger/open.ts";
import type { Claim, ClaimRequest, IntendedOutput, Ledger, NewJob } from "../../src/ledger/port.ts";
import type { ErrorFacts } from "../../src/model/error-facts.ts";
import type { Fingerprint } from "../../src/model/item.ts";
import type { Stage } from "../../src/model/job.ts";
import type { CrashFacts, CrashReason } from "../../src/model/step.ts";

/** Runs `body` with a folder that is gone afterwards, whatever happened. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "kc-ledger-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `body` with a ledger that is closed and gone afterwards. */
export async function withLedger<T>(
  body: (ledger: Ledger, home: string) => Promise<T>,
  options: Omit<LedgerOptions, "home"> = {},
): Promise<T> {
  return withFolder(async (home) => {
    const { ledger } = await openLedger({ ...options, home });
    try {
      return await body(ledger, home);
    } finally {
      await ledger.close();
    }
  });
}

export const JOB = "job-1";

export function newJob(id = JOB, stages: readonly string[] = ["audio"]): NewJob {
  return {
    id,
    name: `name of ${id}`,
    stages: stages.map(stage),
    outDir: `/out/${id}`,
    overwrite: "ours",
    jobTime: "2026-01-02T03:04:05.000Z",
    spec: { paths: ["/in"], pipeline: [...stages] },
  };
}

function stage(name: string): Stage {
  return {
    processor: {
      name,
      version: "1.0.0",
      sdk: 1,
      kind: name === "moc" ? "gather" : "map",
      description: `does ${name}`,
      url: `file:///processors/${name}.ts`,
      accepts: { roles: [], extensions: [".wav"], mimeTypes: [] },
      produces: [name],
      env: [],
      optionsSchema: { type: "object" },
    },
    options: {},
    optionsHash: "0123456789abcdef",
  };
}

/** A planned job whose items are /in/0.wav, /in/1.wav, … */
export async function planJob(
  ledger: Ledger,
  items: number,
  { id = JOB, stages = ["audio"] }: { id?: string; stages?: readonly string[] } = {},
): Promise<void> {
  await ledger.beginJob(newJob(id, stages));
  for (let from = 0; from < items; from += 2_000) {
    const page = Array.from({ length: Math.min(2_000, items - from) }, (_, n) => from + n);
    await ledger.addItems(
      id,
      page.map((index) => ({
        index,
        path: `/in/${index}.wav`,
        relativePath: `${index}.wav`,
        stem: String(index),
        planned: { bytes: 1_000 + index, mtimeMs: 1_700_000_000_000.5 + index },
      })),
    );
  }
  await ledger.finishPlanning(id);
}

export function fingerprint(index: number): Fingerprint {
  return {
    bytes: 1_000 + index,
    mtimeMs: 1_700_000_000_000.5 + index,
    mimeType: "audio/wav",
    sha256: sha256(`input ${index}`),
  };
}

/** A planned job, running, with every item admitted to its first stage. */
export async function admittedJob(
  ledger: Ledger,
  items: number,
  options: { id?: string; stages?: readonly string[] } = {},
): Promise<void> {
  const { id = JOB } = options;
  await planJob(ledger, items, options);
  await ledger.setJobState(id, "running");
  await admitAll(ledger, id);
}

export async function admitAll(ledger: Ledger, id = JOB): Promise<void> {
  for (;;) {
    const page = ledger.unadmitted(id, null, 1_000);
    if (page.length === 0) return;
    await ledger.admit(
      id,
      page.map(({ index }) => ({ item: index, fingerprint: fingerprint(index), stage: 0 })),
    );
  }
}

export function claimStage(
  ledger: Ledger,
  limit: number,
  options: Partial<Pick<ClaimRequest, "stages" | "now" | "alone" | "untriedFirst">> & {
    id?: string;
  } = {},
): Promise<readonly Claim[]> {
  const { id = JOB, stages = [0], now = Date.now(), ...rest } = options;
  return ledger.claim({ jobId: id, stages, limit, now, owner: "test", ...rest });
}

/** Claims one step; there must be one. */
export async function claimOne(
  ledger: Ledger,
  options: Parameters<typeof claimStage>[2] = {},
): Promise<Claim> {
  const [claim] = await claimStage(ledger, 1, options);
  if (claim === undefined) throw new Error("there was nothing to claim");
  return claim;
}

export function completion(claim: Claim, nextStage: number | null = null) {
  return { attemptId: claim.attemptId, meta: {}, durationMs: 12, nextStage };
}

/** Intends one output and completes the step with it. */
export async function commit(
  ledger: Ledger,
  claim: Claim,
  {
    name = `${claim.item?.index ?? "all"}.${claim.stage}.md`,
    nextStage = null,
    meta = {},
  }: {
    name?: string;
    nextStage?: number | null;
    meta?: Record<string, unknown>;
  } = {},
): Promise<void> {
  const outputs = [output(claim, name)];
  const [intended] = await ledger.intend([
    { attemptId: claim.attemptId, outputs, meta, durationMs: 12 },
  ]);
  if (intended?.ok !== true) throw new Error(intended?.error.message ?? "no verdict");
  const [completed] = await ledger.complete([completion(claim, nextStage)]);
  if (completed?.ok !== true) throw new Error(completed?.error.message ?? "no verdict");
}

export function output(
  claim: Claim,
  name: string,
  previousSha256: string | null = null,
): IntendedOutput {
  return {
    role: "transcript",
    stagedPath: `/staging/${claim.attemptId}/${name}`,
    targetPath: `/out/${claim.jobId}/${name}`,
    relativePath: name,
    mimeType: "text/markdown",
    mode: 0o644,
    bytes: name.length,
    sha256: sha256(`${name} by ${claim.attemptId}`),
    previousSha256,
  };
}

export const broken: ErrorFacts = {
  name: "Error",
  code: "broken",
  message: "it broke; mend it and retry",
};

export function crash(reason: CrashReason = "signal"): CrashFacts {
  return {
    reason,
    signal: "SIGSEGV",
    exitCode: null,
    pid: 4_242,
    afterMs: 300,
    lastLog: ["loading the model"],
    memory: [[200, 1_000_000]],
    lastProgress: { fraction: 0.5 },
  };
}

/** What a promise was rejected with. (`expect().rejects` waits in a way that keeps threads from being heard.) */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error("it was not rejected")),
    (error: unknown) => error,
  );
}

export function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
