/** Behaviour of the children: they end with the step or the worker, and memory stays flat however long a recording is. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import { chooseDecoder } from "../src/decode/choose-decoder.ts";
import audio from "../src/index.ts";
import { findTool } from "../src/tools/find-tool.ts";
import { DECODERS, pocketsphinx, testFolder, writeBabble } from "./sounds.ts";

const setpriv = Bun.which("setpriv");
// Speech engines take seconds, on a busy machine more.
setDefaultTimeout(60_000);

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe("children", () => {
  test.skipIf(!pocketsphinx)("end within a second of an abort (needs pocketsphinx)", async () => {
    const source = await writeBabble(folder.file("long.wav"), 120);
    const stop = new AbortController();
    const running = runProcessor(audio, { source, signal: stop.signal, cpus: 2 });
    const children = await until(async () => {
      const found = await childrenNamed("pocketsphinx");
      return found.length === 2 ? found : undefined;
    });
    const began = performance.now();
    stop.abort(new Error("cancelled by a person"));
    await using run = await running;
    expect(run.error?.message).toBe("cancelled by a person");
    await until(async () =>
      (await Promise.all(children.map(isAlive))).includes(true) ? undefined : true,
    );
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await childrenNamed("ffmpeg")).toEqual([]);
  });

  test.skipIf(!setpriv || process.platform !== "linux")(
    "die with their worker, even by SIGKILL (needs setpriv)",
    async () => {
      const script = folder.file("worker.ts");
      const module = join(import.meta.dir, "../src/tools/run-child.ts");
      await Bun.write(
        script,
        `import { startChild } from ${JSON.stringify(module)};
         const child = await startChild(["/bin/sleep", "60"], { env: {}, signal: new AbortController().signal });
         console.log("started"); await child.ended;`,
      );
      const worker = Bun.spawn([process.execPath, script], { stdout: "pipe", stderr: "inherit" });
      await worker.stdout.getReader().read();
      const [sleeper] = await until(async () => {
        const found = await childrenNamed("sleep", worker.pid);
        return found.length > 0 ? found : undefined;
      });
      worker.kill("SIGKILL");
      await until(async () => ((await isAlive(sleeper ?? 0)) ? undefined : true));
    },
  );

  test("a program that is not executable, or a folder of its name, is not taken", async () => {
    await Bun.write(folder.file("bin/ffmpeg"), "#!/bin/sh\n");
    expect(await findTool("ffmpeg", { PATH: folder.file("bin") })).toBeNull();
    await chmod(folder.file("bin/ffmpeg"), 0o755);
    expect(await findTool("ffmpeg", { PATH: `relative:${folder.file("bin")}` })).toBe(
      folder.file("bin/ffmpeg"),
    );
    expect(await findTool("bin", { PATH: folder.path })).toBeNull();
  });
});

const HOURS = 4;

describe("memory", () => {
  for (const { choice, label, missing } of DECODERS) {
    test.skipIf(missing)(`stays flat over four hours of sound (${label})`, async () => {
      const path = await writeLong(folder.file("long.wav"));
      const recording = { path, name: "long.wav", mimeType: "audio/wav" };
      const decoder = await chooseDecoder(recording, choice, {});
      const audioStream = decoder.open(path, new AbortController().signal);
      let samples = 0;
      let early = 0;
      let peak = 0;
      for await (const chunk of audioStream.samples) {
        samples += chunk.length;
        const rss = process.memoryUsage.rss();
        if (samples < 16_000 * 300) early = Math.max(early, rss);
        peak = Math.max(peak, rss);
      }
      expect(samples).toBe(HOURS * 3600 * 16_000);
      // They are 460 MB of samples.
      expect(peak - early).toBeLessThan(40_000_000);
    });
  }
});

/** Hours at 16 kHz; mostly a hole in the file. */
async function writeLong(path: string): Promise<string> {
  await writeBabble(path, 10);
  const file = await open(path, "r+");
  const bytes = HOURS * 3600 * 32_000;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes);
  await file.write(size, 0, 4, 40);
  await file.truncate(44 + bytes);
  await file.close();
  return path;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  while (true) {
    const found = await look();
    if (found !== undefined) return found;
    await Bun.sleep(5);
  }
}

/** Live children of a process whose program is called so. */
async function childrenNamed(name: string, parent = process.pid): Promise<number[]> {
  const list = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
  const pids = list.split(" ").filter(Boolean).map(Number);
  const names = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")),
  );
  const alive = await Promise.all(pids.map(isAlive));
  return pids.filter((_, i) => alive[i] && names[i]?.startsWith(name));
}

/** A zombie is dead. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}
