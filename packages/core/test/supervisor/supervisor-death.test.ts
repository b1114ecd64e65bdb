/** A supervisor that dies leaves no worker behind; what has hidden from that is found by its mark at the next start. */
import { afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { isGone, startedAt } from "../../src/supervisor/process-state.ts";
import { reapLeftovers } from "../../src/supervisor/reap-leftovers.ts";
import { tempDirs } from "../temp-dir.ts";
import { until } from "./start-worker.ts";

const fresh = tempDirs("supervisor-death");
const started: number[] = [];

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone, as it should be.
    }
  }
});

test.each(["blocks", "waits"])(
  "a worker that %s is gone soon after its supervisor was killed",
  async (how) => {
    const script = join(import.meta.dir, "supervise-alone.ts");
    const supervisor = Bun.spawn([process.execPath, script, fresh(), how], { stdout: "pipe" });
    started.push(supervisor.pid);
    const reader = supervisor.stdout.getReader();
    let said = "";
    while (!said.includes("\n")) {
      const { done, value } = await reader.read();
      if (done) break;
      said += new TextDecoder().decode(value);
    }
    const worker = Number(said);
    expect(isGone(worker)).toBe(false);
    supervisor.kill("SIGKILL");
    await supervisor.exited;
    await until("the worker is gone", () => isGone(worker), 5_000);
  },
);

describe("leftovers", () => {
  const sleeper = (env: Record<string, string>) => {
    const child = Bun.spawn(["sleep", "60"], { env: { PATH: process.env["PATH"] ?? "", ...env } });
    started.push(child.pid);
    return child;
  };

  test("are killed when they carry this home's mark and their supervisor is dead", async () => {
    const ours = [
      sleeper({ KC_ATTEMPT: "feed0001/3", KC_SUPERVISOR: "4194304:1" }),
      sleeper({ KC_ATTEMPT: "feed0001/inspector" }),
      // A pid that is in use again, by another process than the one that was meant.
      sleeper({ KC_ATTEMPT: "feed0001/4", KC_SUPERVISOR: `${process.pid}:1` }),
    ];
    const others = [
      sleeper({ KC_ATTEMPT: "feed00011/3" }),
      sleeper({ KC_ATTEMPT: "beef0001/3" }),
      sleeper({ NOT_KC_ATTEMPT: "feed0001/3" }),
      sleeper({
        KC_ATTEMPT: "feed0001/5",
        KC_SUPERVISOR: `${process.pid}:${startedAt(process.pid)}`,
      }),
    ];
    const killed = await reapLeftovers("feed0001");
    expect(new Set(killed.map(({ pid }) => pid))).toEqual(new Set(ours.map(({ pid }) => pid)));
    expect(killed[0]).toMatchObject({
      mark: expect.stringContaining("feed0001/"),
      command: "sleep 60",
    });
    expect(ours.every(({ pid }) => isGone(pid))).toBe(true);
    expect(others.every(({ pid }) => !isGone(pid))).toBe(true);
  });

  test("never include ourselves or who started us", async () => {
    const script = join(import.meta.dir, "reap-alone.ts");
    const child = Bun.spawn([process.execPath, script, "feed0002"], {
      env: { PATH: process.env["PATH"] ?? "", KC_ATTEMPT: "feed0002/1" },
      stdout: "pipe",
    });
    expect((await new Response(child.stdout).text()).trim()).toBe("killed 0");
    expect(await child.exited).toBe(0);
  });
});
