/** `kc serve` as a service of systemd: what it says on the socket that systemd gives it, heard on one of our own. */
import { dlopen, FFIType, ptr } from "bun:ffi";
import { afterEach, expect, test } from "bun:test";
// @boundaries-ignore the address of the socket is made by the code that speaks to it
import { socketAddress } from "../../packages/cli/src/service/notify.ts";
import { startKc, type KcProcess } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

const { i32, u64, ptr: pointer } = FFIType;
const isLinux = process.platform === "linux";
const children: KcProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
    await child.exited;
  }
});

test.skipIf(!isLinux)(
  "is ready, feeds the watchdog, says that it stops (needs Linux)",
  async () => {
    await using space = await workspace();
    using socket = listen(space.at("notify.sock"));
    const child = startKc(space, ["serve"], {
      env: { NOTIFY_SOCKET: space.at("notify.sock"), WATCHDOG_USEC: "200000" },
    });
    children.push(child);
    const heard: string[] = [];
    const hear = (what: string) =>
      until(what, () => {
        heard.push(...socket.receive());
        return heard.some((text) => text.includes(what));
      });

    await hear("READY=1");
    expect(heard.join("\n")).toContain(`MAINPID=${child.pid}`);
    // Ready means that it answers.
    expect((await fetch("http://kc/readyz", { unix: `${space.home}/server.sock` })).status).toBe(
      200,
    );
    await hear("WATCHDOG=1");
    // A loop that stands still feeds nobody: that is how systemd notices.
    child.kill("SIGSTOP");
    socket.receive();
    await Bun.sleep(600);
    expect(socket.receive()).toEqual([]);
    child.kill("SIGCONT");
    heard.length = 0;
    await hear("WATCHDOG=1");

    child.kill("SIGTERM");
    await hear("STOPPING=1");
    expect(await child.exited).toBe(0);
  },
);

test("a second server on one home says who holds it", async () => {
  await using space = await workspace();
  const first = startKc(space, ["serve"]);
  children.push(first);
  await until("it answers", async () =>
    fetch("http://kc/readyz", { unix: `${space.home}/server.sock` }).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const second = startKc(space, ["serve"]);
  children.push(second);
  expect(await second.exited).toBe(2);
  expect(await second.stderr.text()).toContain(`process ${first.pid}`);
});

/** A datagram socket bound to a path, read without waiting. */
function listen(path: string) {
  const { symbols, close } = dlopen("libc.so.6", {
    socket: { args: [i32, i32, i32], returns: i32 },
    bind: { args: [i32, pointer, i32], returns: i32 },
    recv: { args: [i32, pointer, u64, i32], returns: FFIType.i64 },
    close: { args: [i32], returns: i32 },
  });
  const address = socketAddress(path) ?? new Uint8Array();
  const file = symbols.socket(1, 2, 0);
  if (symbols.bind(file, ptr(address), address.length) !== 0)
    throw new Error(`cannot bind ${path}`);
  const buffer = Buffer.alloc(4_096);
  return {
    receive(): string[] {
      const texts: string[] = [];
      for (;;) {
        const bytes = Number(symbols.recv(file, ptr(buffer), buffer.length, 0x40));
        if (bytes <= 0) return texts;
        texts.push(buffer.toString("utf8", 0, bytes));
      }
    },
    [Symbol.dispose]() {
      symbols.close(file);
      close();
    },
  };
}
