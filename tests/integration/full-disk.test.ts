import { describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { mayMount, smallDisk } from "../support/disk.ts";
import { ended, fixture, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

describe("a full output disk", () => {
  test.skipIf(!mayMount)(
    "pauses the job, loses nothing, and goes on by itself when there is space (needs mount)",
    async () => {
      await using space = await workspace();
      for (let n = 0; n < 8; n += 1) await space.file(`in/file-${n}.txt`, "x".repeat(100_000));
      using _disk = smallDisk(space.out, "900k");
      {
        writeFileSync(space.at("out", "ballast"), Buffer.alloc(500_000));
        const child = startKc(space, [
          "run",
          "in",
          "--out",
          "out",
          "--pipeline",
          fixture("copy"),
          "--json",
          "--wait",
        ]);
        const result = ended(child);
        await until("the job pauses for the disk", async () => {
          const [job] = (await kc(space, ["jobs", "--json"])).json<
            { state: string; reason?: string }[]
          >();
          return job?.state === "paused" && (job.reason ?? "").includes("space");
        });
        rmSync(space.at("out", "ballast"));
        expect((await result).code).toBe(0);
        expect((await result).json<Summary>()).toMatchObject({ state: "completed", crashes: 0 });
        const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
        expect(steps.every(({ state }) => state === "completed")).toBe(true);
        expect(Object.keys(outputsOf(space.out))).toHaveLength(8);
        expect(strayFiles(space.out)).toEqual([]);
      }
    },
    90_000,
  );
});
