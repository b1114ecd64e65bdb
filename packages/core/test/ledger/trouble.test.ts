/** A full disk is waited for; a disk that fails ends the process, because what is on it is unknown. */
import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Database } from "bun:sqlite";
import { openLedger } from "../../src/ledger/open.ts";
import { rejection, withFolder } from "./fixtures.ts";

const children = join(import.meta.dir, "child");
const mountTmpfs = "mount -t tmpfs -o size=6m tmpfs";
const canMount =
  process.platform === "linux" &&
  spawnSync("unshare", ["-rm", "sh", "-c", `${mountTmpfs} /mnt`]).status === 0;

test.skipIf(!canMount)(
  "a full disk refuses the call with disk_full, and work goes on when there is room (needs unshare)",
  async () => {
    await withFolder(async (home) => {
      const script = `${mountTmpfs} "$1" && exec "$2" "$3" "$1"`;
      const command = [
        "unshare",
        "-rm",
        "sh",
        "-c",
        script,
        "sh",
        home,
        process.execPath,
        join(children, "fill-disk.ts"),
      ];
      const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      expect(err).toBe("");
      const seen = JSON.parse(out) as Record<string, number | string>;
      expect(seen).toMatchObject({
        refusal: "disk_full",
        large: "disk_full",
        completed: 501,
        gaps: 0,
      });
      expect(seen["completedWhenFull"]).toBe(seen["completedBefore"] ?? -1);
      expect(seen["completedBefore"]).toBeLessThan(500);
    });
  },
);

test("a failing write ends the process loudly, and what was acknowledged is there", async () => {
  await withFolder(async (home) => {
    // Files of more than 2,000 blocks cannot be written: an input/output error that is not a full disk.
    const script = `trap "" XFSZ; ulimit -f 2000; exec "$1" "$2" "$3"`;
    const command = [
      "sh",
      "-c",
      script,
      "sh",
      process.execPath,
      join(children, "outgrow-limit.ts"),
      home,
    ];
    const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(await child.exited).toBe(70);
    expect(err).toContain("can no longer be trusted");
    const acknowledged = out.trim().split("\n").length;
    expect(acknowledged).toBeGreaterThan(1);
    const { ledger, repair } = await openLedger({ home });
    await ledger.close();
    expect(repair).toBeNull();
    const db = new Database(join(home, "ledger.db"), { readonly: true });
    const row = db.query<{ n: number }, []>("SELECT count(*) AS n FROM items").get();
    db.close();
    expect(row?.n).toBeGreaterThanOrEqual(acknowledged * 500);
  });
});

test("a home that cannot be written says why", async () => {
  const error = await rejection(openLedger({ home: "/proc/nowhere" }));
  expect(String(error)).toContain("/proc/nowhere");
});
