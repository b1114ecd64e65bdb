/** One home, one supervisor: the lock ends with its process, however that dies. */
import { expect, test } from "bun:test";
import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireHomeLock, HomeHeldError } from "../../src/ledger/home-lock.ts";
import { networkFileSystem } from "../../src/ledger/network-file-system.ts";
import { rejection, withFolder } from "./fixtures.ts";

const child = join(import.meta.dir, "child", "hold-lock.ts");

test("a second process is refused and told who holds the home, until the first one is killed", async () => {
  await withFolder(async (home) => {
    await withHolder(home, async (first, line) => {
      expect(line).toBe("held");
      await withHolder(home, async (_, refusal) => expect(refusal).toBe("home_held"));
      const error = await rejection(acquireHomeLock(home));
      expect(error).toBeInstanceOf(HomeHeldError);
      expect(error).toMatchObject({ code: "home_held", home, holder: { pid: first.pid } });
      expect(String(error)).toContain(`process ${first.pid}`);
    });
    const lock = await acquireHomeLock(home);
    lock.release();
  });
});

test("a released home can be taken again at once, by us or by another process", async () => {
  await withFolder(async (home) => {
    const lock = await acquireHomeLock(home);
    expect(await rejection(acquireHomeLock(home))).toMatchObject({ code: "home_held" });
    lock.release();
    lock.release();
    const again = await acquireHomeLock(home);
    again.release();
    await withHolder(home, async (_, line) => expect(line).toBe("held"));
  });
});

test("a home is ours alone, also when it was there before", async () => {
  await withFolder(async (home) => {
    await chmod(home, 0o755);
    const lock = await acquireHomeLock(home);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    lock.release();
    const inside = await acquireHomeLock(join(home, "a", "b"));
    expect((await stat(join(home, "a", "b"))).mode & 0o777).toBe(0o700);
    inside.release();
  });
});

test("a home that cannot be made says why", async () => {
  await withFolder(async (folder) => {
    const home = join(folder, "file");
    await writeFile(home, "");
    const error = await rejection(acquireHomeLock(home));
    expect(error).toMatchObject({ code: "home_unusable" });
    expect(String(error)).toContain(home);
  });
});

test("network file systems are told from the table of mounts", () => {
  const mounts = [
    "/dev/sda1 / ext4 rw 0 0",
    "server:/export /mnt/nfs nfs4 rw 0 0",
    "//server/share /mnt/with\\040blank cifs rw 0 0",
    "me@host: /home/me/far fuse.sshfs rw 0 0",
    "/dev/sdb1 /mnt/nfs/local ext4 rw 0 0",
    "tmpfs /tmp tmpfs rw 0 0",
    "server:/other /tmp nfs rw 0 0",
    "",
  ].join("\n");
  const cases = {
    "/home/me": null,
    "/mnt/nfs": "nfs4",
    "/mnt/nfs/deep/home": "nfs4",
    "/mnt/nfsx": null,
    "/mnt/with blank/home": "cifs",
    "/home/me/far/x": "fuse.sshfs",
    "/mnt/nfs/local/home": null,
    "/tmp/home": "nfs",
  };
  for (const [path, type] of Object.entries(cases)) {
    expect([path, networkFileSystem(mounts, path)]).toEqual([path, type]);
  }
});

/** Runs `body` beside a process that tries to take the home, once that said how it went; then kills it. */
async function withHolder(
  home: string,
  body: (child: { readonly pid: number }, line: string) => Promise<unknown>,
): Promise<void> {
  const holder = Bun.spawn([process.execPath, child, home], { stdout: "pipe" });
  try {
    const { value } = await holder.stdout.getReader().read();
    await body(holder, new TextDecoder().decode(value).trim());
  } finally {
    holder.kill("SIGKILL");
    await holder.exited;
  }
}
