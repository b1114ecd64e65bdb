import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { ended, fixture, startKc, type Summary } from "../support/kc.ts";
import { median } from "../support/figures.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

const strace = Bun.which("strace");

test.skipIf(strace === null)(
  "a disk whose fsync takes half a second fakes no hang and freezes no screen (needs strace)",
  async () => {
    await using space = await workspace();
    for (let n = 0; n < 6; n += 1) await space.file(`in/file-${n}.txt`, `text ${n}`);
    const config = await space.file(
      "config.yaml",
      "process_isolation:\n  heartbeat_timeout_seconds: 2\n",
    );
    const trace = space.at("trace");
    const slow = "fsync,fdatasync:delay_enter=500000";
    const child = startKc(
      space,
      [
        ...["run", "in", "--out", "out", "--pipeline", fixture("copy"), "--workers", "2"],
        ...["--set", "copy.delayMs=300", "--config", config, "--json"],
      ],
      {
        under: [
          ...[strace ?? "", "-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync"],
          ...["-e", `inject=${slow}`, "-o", trace],
        ],
      },
    );
    const result = ended(child);
    const unix = space.at("home", "server.sock");
    await until("the socket answers", () => existsSync(unix));
    const stop = new AbortController();
    const events = followEvents(unix, stop.signal);
    const answers: number[] = [];
    while (child.exitCode === null) {
      const asked = performance.now();
      const answer = await fetch("http://kc/livez", { unix }).catch(() => null);
      if (answer?.ok === true) answers.push(performance.now() - asked);
      await Promise.race([Bun.sleep(20), child.exited]);
    }
    stop.abort();
    const { code, json } = await result;
    expect(code).toBe(0);
    expect(json<Summary>()).toMatchObject({ state: "completed", crashes: 0, attempts: 6 });
    const flushes = (await Bun.file(trace).text()).match(/f(data)?sync\(.*DELAYED/g)?.length ?? 0;
    expect(flushes).toBeGreaterThan(10);
    // One that waited for a flush would take 500 ms; the machine of a test may be busy with others.
    expect(answers.length).toBeGreaterThan(20);
    expect(median(answers)).toBeLessThan(100);
    expect(answers.filter((ms) => ms >= 450)).toEqual([]);
    expect(await events).toBeGreaterThan(10);
  },
  90_000,
);

/** Number of events that arrived before the stream ended. */
async function followEvents(unix: string, signal: AbortSignal): Promise<number> {
  let told = 0;
  try {
    const response = await fetch("http://kc/api/v1/events?after=0", { unix, signal });
    if (response.body === null) return 0;
    for await (const text of response.body.pipeThrough(
      new TextDecoderStream() as never,
    ) as unknown as AsyncIterable<string>) {
      told += text.split("\ndata: ").length - 1;
    }
  } catch {
    return told;
  }
  return told;
}
