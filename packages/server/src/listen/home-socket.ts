/** Listens on a home's socket: whoever holds the home can be spoken to. Host, I/O. */
import type { Control } from "@knowledge-chipper/core";
import { chmod, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createApp, MOST_BODY_BYTES, type AppOptions } from "../app.ts";
import { socketPath } from "../socket-path.ts";

const ANSWER_MS = 200;

export interface HomeServer {
  readonly path: string;
  close(): Promise<void>;
}

/** Call only while holding the home's lock: an old socket file is then certainly nobody's. */
export async function serveHome(
  control: Control,
  home: string,
  options: AppOptions = {},
): Promise<HomeServer> {
  const path = socketPath(home);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  await rm(path, { force: true });
  const app = createApp(control, options);
  const server = Bun.serve({
    unix: path,
    maxRequestBodySize: MOST_BODY_BYTES,
    fetch: (request) => app.fetch(request),
    // Whoever may open the socket may keep it open: planning can be long, events far apart. Bun takes it; its types do not.
    ...({ idleTimeout: 0 } as object),
  });
  await chmod(path, 0o600);
  return {
    path,
    async close() {
      // Answers under way get a moment; streams of events have none to wait for.
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, ANSWER_MS);
      await Promise.race([server.stop(false), late.promise]);
      // Left alone it would keep the process for that long.
      clearTimeout(timer);
      await server.stop(true);
      await rm(path, { force: true });
    },
  };
}
