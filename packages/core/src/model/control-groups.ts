/** Which folders of the kernel's control groups tell and limit our memory, from the text of /proc/self/cgroup and mountinfo. Shared, pure. */

export interface ControlGroup {
  readonly version: 1 | 2;
  /** Absolute; the group itself, or one that holds it. */
  readonly path: string;
}

/** Where they are when nothing says otherwise. */
const USUAL = { 1: "/sys/fs/cgroup/memory", 2: "/sys/fs/cgroup" } as const;

/**
 * Innermost first: each limit on the way up counts. On a machine with both versions the memory controller lives in one of them; files that
 * a folder does not have are no limits.
 */
export function memoryGroups(membership: string, mountinfo: string): readonly ControlGroup[] {
  const mounts = cgroupMounts(mountinfo);
  return membership.split("\n").flatMap((line) => {
    const [id, controllers, ...rest] = line.split(":");
    const path = rest.join(":");
    if (id === "0" && controllers === "") return upwards(2, mountOf(2, mounts), path);
    if (controllers?.split(",").includes("memory")) return upwards(1, mountOf(1, mounts), path);
    return [];
  });
}

interface Mount {
  readonly version: 1 | 2;
  /** Which folder of the hierarchy is shown at `point`. */
  readonly root: string;
  readonly point: string;
}

function mountOf(version: 1 | 2, mounts: readonly Mount[]): Mount {
  const found = mounts.find((mount) => mount.version === version);
  return found ?? { version, root: "/", point: USUAL[version] };
}

/** Lines as in proc(5): ids, root, mount point, options, `-`, type, source, options of the file system. */
function cgroupMounts(mountinfo: string): Mount[] {
  return mountinfo.split("\n").flatMap((line): Mount[] => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root, point] = before.split(" ").map(unescapeOctal);
    const [type, , options = ""] = after.split(" ");
    if (root === undefined || point === undefined) return [];
    if (type === "cgroup2") return [{ version: 2, root, point }];
    if (type === "cgroup" && options.split(",").includes("memory")) {
      return [{ version: 1, root, point }];
    }
    return [];
  });
}

function upwards(version: 1 | 2, { root, point }: Mount, path: string): ControlGroup[] {
  const groups: ControlGroup[] = [];
  for (let at = belowRoot(path, root); ; at = at.slice(0, at.lastIndexOf("/"))) {
    groups.push({ version, path: `${point}${at}` });
    if (at === "") return groups;
  }
}

/** A path outside of what is mounted is that of the host, seen from a container: what it may see begins at the mount point. */
function belowRoot(path: string, root: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return "";
  const below = `/${parts.join("/")}`;
  if (root === "/") return below === "/" ? "" : below;
  return below.startsWith(`${root}/`) ? below.slice(root.length) : "";
}

/** Blanks in paths are written as `\040`. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
