/** What became of a job after all its deaths, in numbers: what is lost, doubled, different or left behind. I/O. */
// @boundaries-ignore the record of events is asked itself, not what the command line makes of it
import { openLedger } from "../../packages/core/src/ledger/open.ts";
import { kc, type Shown } from "../support/kc.ts";
import { outputsOf, processesOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import type { ChaosJob } from "./jobs.ts";

export interface Findings {
  readonly items: number;
  readonly steps: number;
  /** Deaths of workers that the ledger has on record. */
  readonly crashes: number;
  /** Items without their final state, steps never completed, outputs that are not there. */
  readonly lost: number;
  /** Steps completed more than once. */
  readonly doubled: number;
  /** Outputs with other bytes than in an undisturbed run, or that it does not have. */
  readonly different: number;
  readonly strayFiles: number;
  readonly strayProcesses: number;
}

export async function findingsOf({ space, undisturbed }: ChaosJob): Promise<Findings> {
  const shown = (await kc(space, ["show", "last", "--json", "--limit", "100000"])).json<Shown>();
  const { homeId, completions } = await completionsOf(space.home);
  const outputs = outputsOf(space.out);
  const { items, steps } = shown;
  const total = items["total"] ?? 0;
  const open = steps.filter(({ state }) => state !== "completed").length;
  const missing = Object.keys(undisturbed).filter((path) => outputs[path] === undefined).length;
  const different = Object.entries(outputs).filter(([path, hash]) => undisturbed[path] !== hash);
  return {
    items: total,
    steps: steps.length,
    crashes: steps.reduce((sum, { attempts }) => sum + attempts.crashed, 0),
    lost: total - (items["completed"] ?? 0) + open + missing,
    doubled: [...completions.values()].filter((count) => count > 1).length,
    different: different.length,
    strayFiles: strayFiles(space.out).length,
    strayProcesses: await leftRunning(homeId),
  };
}

/** How often each step was completed, by the record of events. */
export async function completionsOf(
  home: string,
): Promise<{ homeId: string; completions: Map<string, number> }> {
  const { ledger } = await openLedger({ home, readOnly: true });
  try {
    const completions = new Map<string, number>();
    for (let after = 0; ;) {
      const page = ledger.events(after, 1_000);
      for (const event of page) {
        after = event.seq;
        if (event.type !== "step:completed") continue;
        const key = `${event.jobId} ${event.item} ${event.stage}`;
        completions.set(key, (completions.get(key) ?? 0) + 1);
      }
      if (page.length < 1_000) return { homeId: ledger.homeId, completions };
    }
  } finally {
    await ledger.close();
  }
}

/** What is about to end may take its moment. */
async function leftRunning(homeId: string): Promise<number> {
  await until(
    "no process of the home is left",
    () => processesOf(homeId).length === 0,
    5_000,
  ).catch(() => {});
  return processesOf(homeId).length;
}
