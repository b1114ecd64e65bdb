import { expect, test } from "bun:test";
import { mayMount, smallDisk } from "../support/disk.ts";
import { ended, fixture, startKc } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

test.skipIf(!mayMount)(
  "little space for the outputs is said once, on the screen and as an event, and stops nothing (needs mount)",
  async () => {
    await using space = await workspace();
    for (let n = 0; n < 6; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
    await space.file("config.yaml", "resource_limits:\n  disk_space_warning_gb: 0.01\n");
    using _disk = smallDisk(space.out, "4m");
    const args = [
      "run",
      "in",
      "--out",
      "out",
      "--pipeline",
      fixture("copy"),
      "--config",
      "config.yaml",
    ];
    const told = await ended(startKc(space, [...args, "--json"]));
    expect(told.code).toBe(0);
    const low = told.lines().filter(({ type }) => type === "disk:low");
    expect(low).toHaveLength(1);
    expect(low[0]).toMatchObject({ path: space.out, leastBytes: 0.01 * 1024 ** 3 });
    const shown = await ended(startKc(space, [...args, "--name", "again"]));
    expect(shown.stderr.match(/are left for/g)).toHaveLength(1);
    expect(shown.stderr).toContain("disk_space_warning_gb");
  },
  60_000,
);
