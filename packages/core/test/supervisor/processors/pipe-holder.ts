/** Leaves a process in a session of its own that holds stdout open, without our mark, and dies. Worker side. */
import { spawn } from "node:child_process";
import { z } from "zod";
import {
  forEver,
  hostileOptions,
  hostileWith,
} from "../../../../../tests/fixtures/parts/hostile.ts";

const options = hostileOptions.extend({ pidFile: z.string() });

export default hostileWith("pipe-holder", options, async ({ ctx }) => {
  const { pidFile } = ctx.options;
  spawn("sh", ["-c", `(setsid sh -c 'echo $$ > "${pidFile}"; exec sleep 6' &)`], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { PATH: process.env["PATH"] ?? "" },
  });
  while (!(await Bun.file(pidFile).exists())) await Bun.sleep(5);
  process.kill(process.pid, "SIGKILL");
  return forEver();
});
