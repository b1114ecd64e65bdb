/** Behaviour of pulling models: from a server on this machine that breaks, lies and stops, onto disks that are full, by processes that are killed. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  addressOf,
  isBigger,
  rankOf,
  whisperModels,
  type WhisperModel,
} from "../src/models/catalogue.ts";
import { findInstalled, installedModels } from "../src/models/installed-models.ts";
import type { ModelErrorCode } from "../src/models/model-error.ts";
import { pullModel } from "../src/models/pull-model.ts";
import { verifyModel } from "../src/models/verify-model.ts";
import { testFolder } from "./sounds.ts";
import { writeWhisperModel } from "./whisper-model.ts";

const never = new AbortController().signal;
let folder: Awaited<ReturnType<typeof testFolder>>;
let bytes: Uint8Array<ArrayBuffer>;
let model: WhisperModel;
beforeAll(async () => {
  folder = await testFolder();
  bytes = await Bun.file(await writeWhisperModel(folder.file("published.bin"))).bytes();
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  model = { name: "nonsense", bytes: bytes.length, sha256 };
});
afterAll(() => folder[Symbol.asyncDispose]());

type Fault =
  | "none"
  | "break"
  | "no-ranges"
  | "other-bytes"
  | "longer"
  | "missing"
  | "busy"
  | "slow";

/** Serves the model; each request has the next fault, the last one repeats. */
function mirror(...faults: Fault[]) {
  const ranges: (string | null)[] = [];
  let served = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    fetch(request) {
      const fault = faults[Math.min(ranges.length, faults.length - 1)];
      const range = request.headers.get("range");
      ranges.push(range);
      if (fault === "missing") return new Response("no", { status: 404 });
      if (fault === "busy") return new Response("later", { status: 503 });
      if (fault === "longer") return new Response(Buffer.concat([bytes, Buffer.alloc(9)]));
      const from = fault === "no-ranges" ? 0 : Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
      const whole = fault === "other-bytes" ? new Uint8Array(bytes.length) : bytes;
      const body = whole.subarray(from);
      const headers: Record<string, string> = { "content-length": String(body.length) };
      if (from > 0) headers["content-range"] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
      return new Response(
        streamed(body, fault, () => (served += 65_536)),
        {
          status: from > 0 ? 206 : 200,
          headers,
        },
      );
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/models/`,
    ranges,
    served: () => served,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function streamed(body: Uint8Array, fault: Fault | undefined, onChunk: () => void): ReadableStream {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      // Slow enough that what was sent arrives before the connection breaks.
      if (fault === "slow" || fault === "break") await Bun.sleep(5);
      const end = fault === "break" ? body.length / 3 : body.length;
      if (at >= end) return controller.close();
      controller.enqueue(body.slice(at, (at += 65_536)));
      onChunk();
    },
  });
}

let pulls = 0;
async function pull(from: { url: string }, into = folder.file(`home-${(pulls += 1)}`)) {
  const options = { folder: into, mirror: from.url, signal: never, backoffMs: [1, 1] };
  const error = await pullModel(model, options).then(
    () => undefined,
    (failure: { code: ModelErrorCode; message: string }) => failure,
  );
  return { error, into, files: (await readdir(into)).sort() };
}

describe("pulling a model", () => {
  test("brings it whole, under its name, and says how far it is", async () => {
    await using server = mirror("none");
    const seen: string[] = [];
    const into = folder.file("fresh/models");
    const path = await pullModel(model, {
      folder: into,
      mirror: server.url,
      signal: never,
      onProgress: (phase, count) => void seen.push(`${phase} ${count === bytes.length}`),
    });
    expect(path).toBe(join(into, "ggml-nonsense.bin"));
    expect(await Bun.file(path).bytes()).toEqual(bytes);
    expect(await readdir(into)).toEqual(["ggml-nonsense.bin"]);
    expect(seen).toContain("pull true");
    expect(seen.at(-1)).toBe("check true");
  });

  test("goes on where a connection broke off, as often as that brings something", async () => {
    await using server = mirror("break", "break", "break", "break", "none");
    const { error, files } = await pull(server);
    expect(error).toBeUndefined();
    expect(files).toEqual(["ggml-nonsense.bin"]);
    expect(server.ranges.length).toBeGreaterThan(2);
    const starts = server.ranges.slice(1).map((range) => Number(/\d+/.exec(range ?? "")?.[0]));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts[0]).toBeGreaterThan(0);
  });

  test("begins anew where a server knows no ranges", async () => {
    await using server = mirror("break", "no-ranges");
    expect((await pull(server)).error).toBeUndefined();
  });

  test("waits for a server that is busy, and gives up with what came kept", async () => {
    await using patient = mirror("busy", "none");
    expect((await pull(patient)).error).toBeUndefined();
    await using broken = mirror("break", "busy");
    const { error, files } = await pull(broken);
    expect(error?.code).toBe("broken_off");
    expect(files).toEqual(["ggml-nonsense.bin.part"]);
  });

  test("refuses a file of another size before a byte of it is kept", async () => {
    await using server = mirror("longer");
    const { error, files, into } = await pull(server);
    expect(error).toMatchObject({ code: "wrong_size" });
    expect(error?.message).toContain(`has ${bytes.length + 9} bytes`);
    expect(files.length === 0 || (await stat(join(into, files[0] ?? ""))).size === 0).toBe(true);
  });

  test("throws away what is not what was published", async () => {
    await using server = mirror("other-bytes");
    const { error, files } = await pull(server);
    expect(error?.code).toBe("wrong_hash");
    expect(error?.message).toContain("it was thrown away");
    expect(files).toEqual([]);
  });

  test("says what a server without it answered, and how to go on without a network", async () => {
    await using server = mirror("missing");
    const refused = await pull(server);
    expect(refused.error).toMatchObject({ code: "refused" });
    expect(refused.error?.message).toContain("answered 404");
    const gone = await pull({ url: "http://127.0.0.1:9/" });
    expect(gone.error).toMatchObject({ code: "offline" });
    expect(gone.error?.message).toContain("kc models path nonsense");
  });

  test("goes on after its process was killed", async () => {
    await using slow = mirror("slow", "none");
    const into = folder.file("killed");
    const script = folder.file("pull.ts");
    const module = JSON.stringify(join(import.meta.dir, "../src/models/pull-model.ts"));
    const options = JSON.stringify({ folder: into, mirror: slow.url });
    await Bun.write(
      script,
      `import { pullModel } from ${module};
       await pullModel(${JSON.stringify(model)}, { ...${options}, signal: new AbortController().signal });`,
    );
    const child = Bun.spawn([process.execPath, script], { stderr: "inherit" });
    const part = join(into, "ggml-nonsense.bin.part");
    while (((await stat(part).catch(() => null))?.size ?? 0) < 500_000) await Bun.sleep(5);
    child.kill("SIGKILL");
    await child.exited;
    expect((await pull(slow, into)).error).toBeUndefined();
    expect(Number(/\d+/.exec(slow.ranges[1] ?? "")?.[0])).toBeGreaterThanOrEqual(500_000);
  });

  test.skipIf(!mayMount())("onto a full disk says how much is missing (needs mount)", async () => {
    await using server = mirror("none");
    const into = folder.file("small");
    await mkdir(into);
    Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", into]);
    try {
      const before = await pull(server, into);
      expect(before.error).toMatchObject({ code: "disk_full" });
      expect(server.ranges).toEqual([]);
      expect(before.error?.message).toContain("needs 5 MB more");
    } finally {
      Bun.spawnSync(["umount", "-l", into]);
    }
  });
});

describe("the models that are here", () => {
  test("are found by name and path, the best first, damaged ones not at all", async () => {
    const here = folder.file("here");
    await mkdir(here);
    for (const name of ["tiny", "base.en", "mine"]) {
      await writeWhisperModel(join(here, `ggml-${name}.bin`));
    }
    await Bun.write(join(here, "ggml-small.bin"), "not a model");
    await Bun.write(join(here, "ggml-medium.bin.part"), "");
    const names = (await installedModels(here)).map(({ name }) => name);
    expect(names).toEqual(["base.en", "tiny", "mine"]);
    expect((await findInstalled("mine", here)).found).toBe(true);
    expect((await findInstalled(join(here, "ggml-mine.bin"), "")).found).toBe(true);
    expect(await findInstalled("small", here)).toMatchObject({ found: false });
    expect(await findInstalled("../here/ggml-mine.bin", here)).toMatchObject({ found: false });
  });

  test("are verified by their hash where it is known, else by their header", async () => {
    const path = await writeWhisperModel(folder.file("ggml-x.bin"));
    expect(await verifyModel("x", path)).toMatchObject({ ok: true, checked: "header" });
    expect(await verifyModel("tiny", path)).toMatchObject({ ok: false });
    await rm(path);
  });
});

test("the catalogue holds every model once, with a whole hash and an address that cannot change", () => {
  expect(new Set(whisperModels.map(({ name }) => name)).size).toBe(whisperModels.length);
  expect(new Set(whisperModels.map(({ sha256 }) => sha256)).size).toBe(whisperModels.length);
  for (const each of whisperModels) {
    expect(each.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(addressOf(each)).toMatch(/resolve\/[0-9a-f]{40}\/ggml-/);
    expect(rankOf(each.name)).toBeGreaterThanOrEqual(0);
  }
  expect(isBigger("small-q5_1", "base.en")).toBe(true);
  expect(isBigger("base", "base-q5_1")).toBe(false);
});

function mayMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const probe = Bun.spawnSync(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
  return probe.exitCode === 0;
}
