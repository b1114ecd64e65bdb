import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { ended, fixture, kc, startKc, type Shown, type Summary } from "../support/kc.ts";
import { outputsOf, strayFiles } from "../support/outputs.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

/** A small disk of the test's own; needs the right to mount. */
function smallDisk(path: string, size: string): { unmount(): void } | null {
  mkdirSync(path, { recursive: true });
  const mount = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  if (mount.exitCode !== 0) return null;
  return { unmount: () => void Bun.spawnSync(["umount", "-l", path]) };
}

const mayMount = (() => {
  if (process.getuid?.() !== 0) return false;
  const path = `/tmp/kc-mount-probe-${process.pid}`;
  const disk = smallDisk(path, "64k");
  disk?.unmount();
  rmSync(path, { recursive: true, force: true });
  return disk !== null;
})();

describe("a full output disk", () => {
  test.skipIf(!mayMount)(
    "pauses the job, loses nothing, and goes on by itself when there is space (needs mount)",
    async () => {
      await using space = await workspace();
      for (let n = 0; n < 8; n += 1) await space.file(`in/file-${n}.txt`, "x".repeat(100_000));
      const disk = smallDisk(space.out, "900k");
      try {
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
      } finally {
        disk?.unmount();
      }
      expect(existsSync(space.out)).toBe(true);
    },
    90_000,
  );
});
