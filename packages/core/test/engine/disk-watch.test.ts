import { describe, expect, test } from "bun:test";
import { createDiskWatch, never } from "../../src/commit/disk-watch.ts";
import { diskTroubleOf } from "../../src/model/disk-trouble.ts";

function watch() {
  const stopping = new AbortController();
  const told: (string | null)[] = [];
  const disk = createDiskWatch({
    everyMs: 1,
    signal: stopping.signal,
    home: "/home/kc",
    onChange: (trouble) => told.push(trouble?.code ?? null),
  });
  return { disk, told, stopping };
}

const refusing = (code: string, times: number) => {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= times) throw Object.assign(new Error(code), { code });
    return tries;
  };
};

test.each([
  ["ENOSPC", "disk_full"],
  ["EDQUOT", "disk_full"],
  ["EROFS", "disk_read_only"],
  ["EACCES", "disk_no_access"],
  ["EPERM", "disk_no_access"],
  ["EMFILE", "too_many_files"],
  ["ENFILE", "too_many_files"],
  ["EIO", null],
  ["ENOENT", null],
])("%s is %p", (errno, trouble) => {
  expect(diskTroubleOf({ code: errno })).toBe(trouble as never);
});

describe("work that a disk refuses", () => {
  test("is tried until it is taken; the wait is told once, however many wait", async () => {
    const { disk, told } = watch();
    const both = Promise.all([
      disk.untilTaken(refusing("ENOSPC", 3), never, "job-1"),
      disk.untilTaken(refusing("EDQUOT", 5), never, "job-1"),
    ]);
    await Bun.sleep(0);
    expect(disk.waiting).toBe(2);
    expect(disk.troubleOf("job-1")?.message).toContain("/home/kc");
    expect(disk.troubleOf("job-2")).toBeNull();
    expect(await both).toEqual([4, 6]);
    expect(disk.waiting).toBe(0);
    expect(told).toEqual(["disk_full", null]);
  });

  test("of the home holds up every job", async () => {
    const { disk } = watch();
    const done = disk.untilTaken(refusing("EROFS", 2), never, null);
    await Bun.sleep(0);
    expect(disk.troubleOf("any")?.code).toBe("disk_read_only");
    await done;
  });

  test("is given up as it is when the supervisor ends, or its job does", async () => {
    const { disk, stopping, told } = watch();
    const outcome = (jobId: string) =>
      disk.untilTaken(refusing("ENOSPC", Infinity), never, jobId).then(
        () => "taken",
        (error: unknown) => (error as { code: string }).code,
      );
    const [one, two] = [outcome("one"), outcome("two")];
    await Bun.sleep(0);
    disk.giveUp("one");
    expect(await one).toBe("ENOSPC");
    expect(disk.waiting).toBe(1);
    stopping.abort();
    expect(await two).toBe("ENOSPC");
    expect(told.at(-1)).toBeNull();
  });

  test("other errors pass at once", async () => {
    const { disk, told } = watch();
    const code = await disk
      .untilTaken(refusing("EIO", 1), never, null)
      .catch((error: unknown) => (error as { code: string }).code);
    expect(code).toBe("EIO");
    expect(told).toEqual([]);
  });
});
