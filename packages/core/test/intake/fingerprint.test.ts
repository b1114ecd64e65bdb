/** Fingerprints of real files: right, in a thread, and honest about files that changed, vanished, or never answer. */
import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createFingerprintPool } from "../../src/intake/fingerprint-pool.ts";
import {
  takeFingerprint,
  type FingerprintRequest,
  type FingerprintResult,
} from "../../src/intake/take-fingerprint.ts";
import { tempDirs } from "../temp-dir.ts";

const tempDir = tempDirs("fingerprint");
const pool = createFingerprintPool();
afterAll(() => pool.close());

function file(content: string | Uint8Array, name = "talk.md"): FingerprintRequest {
  const path = join(tempDir(), name);
  writeFileSync(path, content);
  return planned(path, name);
}

function planned(path: string, relativePath: string): FingerprintRequest {
  const { size, mtimeMs } = statSync(path);
  return { path, relativePath, planned: { bytes: size, mtimeMs: Math.floor(mtimeMs) } };
}

async function one(request: FingerprintRequest): Promise<FingerprintResult> {
  const [result] = await pool.fingerprintAll([request]);
  if (result === undefined) throw new Error("no result");
  return result;
}

async function failure(request: FingerprintRequest): Promise<readonly [string, string]> {
  const result = await one(request);
  return "failed" in result ? [result.failed.code, result.failed.message] : ["no failure", ""];
}

describe("a fingerprint", () => {
  test("is size, time, type and hash of the content", async () => {
    const request = file("# Hello\n");
    expect(await one(request)).toEqual({
      bytes: 8,
      mtimeMs: request.planned?.mtimeMs ?? 0,
      mimeType: "text/markdown",
      sha256: createHash("sha256").update("# Hello\n").digest("hex"),
    });
  });

  test("is right across the borders of what is read at once", async () => {
    for (const size of [65_535, 65_536, 65_537, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20]) {
      const bytes = new Uint8Array(size).map((_, at) => (at * 31) % 251);
      const result = await one(file(bytes, "x.bin"));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      expect(result).toMatchObject({ bytes: size, sha256, mimeType: "application/octet-stream" });
    }
  });

  test("is taken of what is found when nothing was planned", async () => {
    expect(await one({ ...file("x"), planned: null })).toMatchObject({ bytes: 1 });
  });

  test("of many files comes in their order, failures among them", async () => {
    const requests = Array.from({ length: 300 }, (_, at) => file(`note ${at}`));
    const gone = { path: "/nowhere/x", relativePath: "x", planned: null };
    const results = await pool.fingerprintAll([...requests, gone, file("last")]);
    expect(results).toHaveLength(302);
    expect(results[300]).toMatchObject({ failed: { code: "input_missing" } });
    for (const [at, result] of results.slice(0, 300).entries()) {
      const sha256 = createHash("sha256").update(`note ${at}`).digest("hex");
      expect(result).toMatchObject({ sha256 });
    }
    expect(await pool.fingerprintAll([])).toEqual([]);
  });

  test("batches asked for side by side do not get into each other's way", async () => {
    const batches = await Promise.all(
      [1, 2, 3].map((n) =>
        pool.fingerprintAll(Array.from({ length: n }, () => file("x".repeat(n)))),
      ),
    );
    expect(batches.map((results) => results.map((r) => ("bytes" in r ? r.bytes : null)))).toEqual([
      [1],
      [2, 2],
      [3, 3, 3],
    ]);
  });

  test("of a large file does not hold up the program", async () => {
    const path = join(tempDir(), "large.bin");
    closeSync(openSync(path, "w"));
    truncateSync(path, 400 * 2 ** 20);
    let worst = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      worst = Math.max(worst, performance.now() - last);
      last = performance.now();
    }, 5);
    expect(await one(planned(path, "large.bin"))).toMatchObject({ bytes: 400 * 2 ** 20 });
    clearInterval(timer);
    rmSync(path);
    expect(worst).toBeLessThan(150);
  });
});

describe("what is wrong with a file", () => {
  test("a link took the place of its folder, or of the file", async () => {
    const inside = file("0123456789");
    const elsewhere = file("9876543210");
    const { mtimeMs } = statSync(inside.path);
    utimesSync(elsewhere.path, mtimeMs / 1_000, mtimeMs / 1_000);
    rmSync(inside.path);
    symlinkSync(elsewhere.path, inside.path);
    expect(await one(inside)).toMatchObject({
      failed: { code: "input_changed", message: expect.stringContaining("link") },
    });
  });

  test("it is empty", async () => {
    expect(await failure(file(""))).toEqual([
      "input_empty",
      '"talk.md" is empty (0 bytes). Put the real file in its place, then retry.',
    ]);
  });

  test("it vanished, or a part of its path did", async () => {
    const request = file("x");
    rmSync(request.path);
    expect((await failure(request))[0]).toBe("input_missing");
    writeFileSync(request.path, "");
    const below = { ...request, path: join(request.path, "y") };
    expect((await failure(below))[0]).toBe("input_missing");
  });

  test("it grew since it was planned", async () => {
    const request = file("12345");
    appendFileSync(request.path, "6");
    expect(await failure(request)).toEqual([
      "input_changed",
      '"talk.md" changed since the job was planned (from 5 to 6 bytes). Retry with --changed to take it as it is now.',
    ]);
  });

  test("it was written anew with the same size", async () => {
    const request = file("12345");
    utimesSync(request.path, 1_700_000_000, 1_700_000_000);
    const [code, message] = await failure(request);
    expect(code).toBe("input_changed");
    expect(message).toContain("written at 2023-11-14T22:13:20.000Z, was ");
  });

  test("something else is in its place: a folder, a named pipe, a device", async () => {
    for (const replace of [
      (path: string) => mkdirSync(path),
      (path: string) => Bun.spawnSync(["mkfifo", path]),
      (path: string) => symlinkSync("/dev/null", path),
    ]) {
      const request = file("x");
      rmSync(request.path);
      replace(request.path);
      expect((await failure(request))[0]).toBe("input_changed");
      expect((await failure({ ...request, planned: null }))[0]).toBe("input_changed");
    }
  });

  test("it was written to while it was read", async () => {
    const request = file(new Uint8Array(3 * 2 ** 20), "growing.bin");
    let pieces = 0;
    const result = await takeFingerprint(request, () => {
      if ((pieces += 1) === 2) appendFileSync(request.path, "more");
    });
    expect(result).toMatchObject({ failed: { code: "input_changed" } });
    expect("failed" in result && result.failed.message).toContain("while it was read");
  });
});

describe("a thread that does not answer", () => {
  const thread = new URL("../fixtures/silent-thread.ts", import.meta.url);
  const named = (...names: string[]): FingerprintRequest[] =>
    names.map((relativePath) => ({ path: `/x/${relativePath}`, relativePath, planned: null }));
  const codes = (results: readonly FingerprintResult[]): string[] =>
    results.map((result) => ("failed" in result ? result.failed.message : "fine"));

  test("costs the file in hand; the others are taken by a new one", async () => {
    const slow = createFingerprintPool({ stallMs: 300, thread });
    const results = await slow.fingerprintAll(named("a", "stuck", "b", "c"));
    expect(codes(results)).toEqual([
      "fine",
      '"stuck" gave no data for 0.3 s. Check the drive it is on, then retry.',
      "fine",
      "fine",
    ]);
    expect(codes(await slow.fingerprintAll(named("d")))).toEqual(["fine"]);
    await slow.close();
  });

  test("or dies, costs the file in hand too", async () => {
    const dying = createFingerprintPool({ stallMs: 5_000, thread });
    const [first, second] = codes(await dying.fingerprintAll(named("poison", "a")));
    expect(first).toContain("thread went down");
    expect(second).toBe("fine");
    await dying.close();
  });

  test("is not waited for when the pool is closed", async () => {
    const closing = createFingerprintPool({ thread });
    const results = closing.fingerprintAll(named("a", "stuck", "b"));
    await closing.close();
    expect((await results).map((result) => "failed" in result)).toHaveLength(3);
  });
});

test("a pool that nobody closed does not keep the program alive", async () => {
  const script = `
    import { createFingerprintPool } from ${JSON.stringify(join(import.meta.dir, "../../src/intake/fingerprint-pool.ts"))};
    const [result] = await createFingerprintPool().fingerprintAll([{ path: "/nowhere", relativePath: "x", planned: null }]);
    console.log(result.failed.code);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", timeout: 20_000 });
  expect(await child.stdout.text()).toBe("input_missing\n");
  expect(await child.exited).toBe(0);
});
