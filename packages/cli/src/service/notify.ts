/** Tells systemd how the service is (sd_notify): ready, alive, stopping. Without it, nothing. Host, I/O. */

export interface ServiceManager {
  /** It answers from now on; the watchdog is fed while the event loop turns. */
  ready(status: string): void;
  stopping(): void;
  close(): void;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
/** `sun_path`. */
const MOST_PATH_BYTES = 107;

/** From the variables that systemd sets: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID. */
export async function serviceManager(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServiceManager> {
  const send = await openNotify(env["NOTIFY_SOCKET"]);
  if (send === null) return absent;
  let watchdog: ReturnType<typeof setInterval> | null = null;
  return {
    ready(status) {
      send(`READY=1\nMAINPID=${process.pid}\nSTATUS=${status.replaceAll("\n", " ")}`);
      const everyMs = watchdogMs(env);
      if (everyMs === null || watchdog !== null) return;
      // Half of what is allowed, as its manual advises.
      watchdog = setInterval(() => send("WATCHDOG=1"), everyMs / 2);
      watchdog.unref();
    },
    stopping() {
      send("STOPPING=1");
    },
    close() {
      if (watchdog !== null) clearInterval(watchdog);
    },
  };
}

const absent: ServiceManager = {
  ready: () => {},
  stopping: () => {},
  close: () => {},
};

/** Null where nobody listens, or the system has no such sockets. */
async function openNotify(path: string | undefined): Promise<((text: string) => void) | null> {
  const address = path === undefined ? null : socketAddress(path);
  if (address === null) return null;
  try {
    const { dlopen, FFIType, ptr } = await import("bun:ffi");
    const { i32, u64, ptr: pointer } = FFIType;
    const { symbols } = dlopen("libc.so.6", {
      socket: { args: [i32, i32, i32], returns: i32 },
      sendto: { args: [i32, pointer, u64, i32, pointer, i32], returns: FFIType.i64 },
    });
    const file = symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file < 0) return null;
    return (text) => {
      const bytes = Buffer.from(text);
      symbols.sendto(file, ptr(bytes), bytes.length, MSG_NOSIGNAL, ptr(address), address.length);
    };
  } catch {
    return null;
  }
}

/** `sockaddr_un`; a leading `@` stands for the abstract namespace. */
export function socketAddress(path: string): Uint8Array | null {
  if (!/^[/@]/.test(path)) return null;
  const isAbstract = path.startsWith("@");
  const name = Buffer.from(isAbstract ? `\0${path.slice(1)}` : `${path}\0`);
  if (name.length > MOST_PATH_BYTES + 1) return null;
  return Buffer.concat([Uint8Array.of(AF_UNIX, 0), name]);
}

/** How long silence is allowed; null: no watchdog, or one for another process. */
function watchdogMs(env: Readonly<Record<string, string | undefined>>): number | null {
  const { WATCHDOG_USEC: microseconds, WATCHDOG_PID: pid } = env;
  if (pid !== undefined && Number(pid) !== process.pid) return null;
  const ms = Number(microseconds) / 1_000;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
