/** What must hold after any death: one final state an item, whole outputs, nothing committed twice, nothing left behind. I/O. */
import { expect } from "bun:test";
import { kc, type Shown } from "../support/kc.ts";
import { outputsOf, processesOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import type { Workspace } from "../support/workspace.ts";
import { completionsOf } from "./findings.ts";

/** Compares with the outputs of an undisturbed run. */
export async function expectNothingLost(
  space: Workspace,
  undisturbed: Readonly<Record<string, string>>,
): Promise<void> {
  const { steps, items, state } = (
    await kc(space, ["show", "last", "--json", "--limit", "10000"])
  ).json<Shown>();
  expect(items).toMatchObject({ completed: items["total"] });
  expect(state).toBe("completed");
  expect(steps.every((step) => step.state === "completed")).toBe(true);
  expect(outputsOf(space.out)).toEqual({ ...undisturbed });
  expect(strayFiles(space.out)).toEqual([]);
  const { homeId, completions } = await completionsOf(space.home);
  expect([...completions.values()].every((count) => count === 1)).toBe(true);
  expect(completions.size).toBe(steps.length);
  await until("no process of the home is left", () => processesOf(homeId).length === 0);
}
