/** How much memory we may use: limits of control groups as the kernel writes them, nested, in containers, on machines with both versions. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ourMemoryGroups, usableMemory } from "../../src/config/usable-memory.ts";
import { memoryGroups } from "../../src/model/control-groups.ts";
import { parseBytes } from "../../src/model/kernel-figures.ts";
import { meminfo, writeMachine } from "../machine-files.ts";
import { tempDirs } from "../temp-dir.ts";

const GIB = 1024 ** 3;
const tempDir = tempDirs("usable-memory");

const v2Mount =
  "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";
const v1Mount =
  "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices\n";
/** As in a Docker container on a host with version 1: the mount shows only the container's own folder. */
const v1Container =
  "902 900 0:32 /docker/4f1c /sys/fs/cgroup/memory ro,nosuid,relatime master:18 - cgroup memory rw,memory\n";
const hybridMount = `${v1Mount}41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n`;

const v1Member =
  "9:name=systemd:/docker/4f1c\n8:pids:/docker/4f1c\n4:memory:/docker/4f1c\n1:cpu:/\n0::/\n";
const v1NoLimit = "9223372036854771712\n";
const fs = "sys/fs/cgroup";

function machine(files: Record<string, string>): string {
  return writeMachine(tempDir(), {
    "proc/meminfo": meminfo({ total: 64 * GIB, available: 60 * GIB }),
    ...files,
  });
}

describe("the memory we may use", () => {
  type Row = readonly [
    name: string,
    member: string,
    mounts: string,
    Record<string, string>,
    gib: number,
  ];
  const table: readonly Row[] = [
    ["no control group: the machine", "", "", {}, 64],
    ["version 2, a limit", "0::/app\n", v2Mount, { [`${fs}/app/memory.max`]: `${2 * GIB}\n` }, 2],
    ["version 2, no limit", "0::/app\n", v2Mount, { [`${fs}/app/memory.max`]: "max\n" }, 64],
    [
      "version 2, slowed down before it is stopped",
      "0::/app\n",
      v2Mount,
      { [`${fs}/app/memory.max`]: `${4 * GIB}\n`, [`${fs}/app/memory.high`]: `${3 * GIB}\n` },
      3,
    ],
    [
      "version 2, a smaller limit above",
      "0::/user.slice/app.scope\n",
      v2Mount,
      {
        [`${fs}/user.slice/memory.max`]: `${GIB}\n`,
        [`${fs}/user.slice/app.scope/memory.max`]: `${2 * GIB}\n`,
      },
      1,
    ],
    ["version 2 in a namespace", "0::/\n", v2Mount, { [`${fs}/memory.max`]: `${3 * GIB}\n` }, 3],
    [
      "version 1, a limit",
      v1Member,
      v1Mount,
      { [`${fs}/memory/docker/4f1c/memory.limit_in_bytes`]: `${4 * GIB}\n` },
      4,
    ],
    [
      "version 1, a limit above",
      v1Member,
      v1Mount,
      {
        [`${fs}/memory/docker/memory.limit_in_bytes`]: `${6 * GIB}\n`,
        [`${fs}/memory/docker/4f1c/memory.limit_in_bytes`]: v1NoLimit,
      },
      6,
    ],
    [
      "version 1 from inside a container",
      v1Member,
      v1Container,
      { [`${fs}/memory/memory.limit_in_bytes`]: `${5 * GIB}\n` },
      5,
    ],
    [
      "version 1, no limit",
      v1Member,
      v1Mount,
      { [`${fs}/memory/docker/4f1c/memory.limit_in_bytes`]: v1NoLimit },
      64,
    ],
    [
      "both versions, memory in the first",
      v1Member,
      hybridMount,
      { [`${fs}/memory/docker/4f1c/memory.limit_in_bytes`]: `${7 * GIB}\n` },
      7,
    ],
    [
      "mounted in an odd place with a blank",
      "0::/app\n",
      "30 23 0:26 / /mnt/my\\040groups rw - cgroup2 none rw\n",
      { "mnt/my groups/app/memory.max": `${8 * GIB}\n` },
      8,
    ],
    [
      "no mountinfo: the usual places",
      v1Member,
      "",
      { [`${fs}/memory/docker/memory.limit_in_bytes`]: `${9 * GIB}\n` },
      9,
    ],
    ["a limit over the machine", "0::/a\n", v2Mount, { [`${fs}/a/memory.max`]: `${99 * GIB}` }, 64],
    ["an unreadable limit", "0::/a\n", v2Mount, { [`${fs}/a/memory.max`]: "who knows\n" }, 64],
  ];
  test.each(table)("%s", (_name, member, mounts, files, gib) => {
    const root = machine({
      "proc/self/cgroup": member,
      "proc/self/mountinfo": mounts,
      ...files,
    });
    expect(usableMemory(root)).toBe(gib * GIB);
  });

  test("here is something between 64 MiB and what the machine has", () => {
    expect(usableMemory("")).toBeGreaterThan(2 ** 26);
    expect(ourMemoryGroups("").every(({ path }) => path.startsWith("/"))).toBeTrue();
  });
});

test("our groups are told from the inside out", () => {
  expect(memoryGroups("0::/a/b\n", v2Mount).map(({ path }) => path)).toEqual([
    "/sys/fs/cgroup/a/b",
    "/sys/fs/cgroup/a",
    "/sys/fs/cgroup",
  ]);
});

test("whatever a membership says, no group lies outside of what is mounted", () => {
  const part = fc.oneof(fc.constantFrom("..", ".", "", "docker", "4f1c"), fc.string());
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 5 }),
      fc.constantFrom(v1Container, v2Mount),
      (at, m) => {
        const path = `/${at.join("/").replaceAll("\n", "")}`;
        const groups = memoryGroups(`4:memory:${path}\n0::${path}\n`, m);
        return groups.every((group) => !group.path.includes("/../") && !group.path.endsWith("/.."));
      },
    ),
  );
});

test("a file of bytes is a number, or no limit", () => {
  expect(parseBytes("4096\n")).toBe(4096);
  for (const none of ["max\n", "", v1NoLimit, "9223372036854710272\n", "-1\n", "1e9"]) {
    expect(parseBytes(none)).toBeNull();
  }
});
