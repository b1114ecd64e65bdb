import { expect, test } from "bun:test";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { watchFreeSpace } from "../../src/engine/free-space.ts";

test("a shortage is told once while it lasts, whoever comes and goes", async () => {
  const { bavail, bsize } = await statfs(tmpdir());
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const space = watchFreeSpace({
    leastBytes: bavail * bsize * 2,
    everyMs: 5,
    onShort: ({ jobId }) => {
      told.push(jobId);
      first.resolve();
    },
  });
  try {
    const leave = space.follow({ id: "one", outDir: tmpdir() });
    await first.promise;
    expect(space.shortOf(tmpdir())).toBeGreaterThan(0);
    leave();
    space.follow({ id: "two", outDir: tmpdir() });
    await Bun.sleep(40);
    expect(told).toEqual(["one"]);
  } finally {
    space.close();
  }
});

test("with no limit nobody looks", () => {
  const space = watchFreeSpace({ leastBytes: 0, onShort: () => {} });
  space.follow({ id: "one", outDir: tmpdir() });
  expect(space.shortOf(tmpdir())).toBeNull();
  space.close();
});
