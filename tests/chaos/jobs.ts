/** The jobs that chaos is done to. I/O. */
import { fixture, kc } from "../support/kc.ts";
import { outputsOf } from "../support/outputs.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

/** Quick restarts and no circuit: here the killing is ours. */
const CONFIG = `process_isolation:
  restart_backoff_seconds: [0.02]
  circuit_items: 100000
  max_restart_attempts: 1000
  max_attempts: 50
`;

export interface ChaosJob {
  readonly space: Workspace;
  /** Arguments of `kc run` for it. */
  readonly args: readonly string[];
  /** Outputs of an undisturbed run, by relative path. */
  readonly undisturbed: Readonly<Record<string, string>>;
}

/** `items` files through copy (with a delay) and a gather stage. */
export async function chaosJob(items: number, delayMs: number, workers = 2): Promise<ChaosJob> {
  const space = await workspace();
  for (let n = 0; n < items; n += 1) {
    await space.file(`in/${n % 3}/file-${n}.txt`, `text of file ${n}\n`.repeat((n % 5) + 1));
  }
  const config = await space.file("config.yaml", CONFIG);
  const pipeline = `${fixture("copy")},${fixture("gather-list")}`;
  const common = [
    "run",
    "in",
    "--pipeline",
    pipeline,
    "--config",
    config,
    "--workers",
    String(workers),
  ];
  const calm = await workspace();
  try {
    const result = await kc(calm, [
      ...common.slice(0, 1),
      space.at("in"),
      ...common.slice(2),
      "--out",
      "out",
    ]);
    if (result.code !== 0) throw new Error(`the undisturbed run failed: ${result.stderr}`);
    return {
      space,
      args: [...common, "--out", "out", "--set", `copy.delayMs=${delayMs}`],
      undisturbed: outputsOf(calm.out),
    };
  } finally {
    await calm[Symbol.asyncDispose]();
  }
}

/** `kc resume` with the configuration of the job. */
export async function resume(job: ChaosJob) {
  return kc(job.space, ["resume", "last", "--json", "--config", job.space.at("config.yaml")]);
}
