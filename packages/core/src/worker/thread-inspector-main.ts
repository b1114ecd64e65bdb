/** Entry of an inspector in a thread. Worker side, in a thread. */
import { serveInspector } from "./serve-inspector.ts";
import { guardThread } from "./thread-guard.ts";
import { takePort } from "./thread-port.ts";

const start = await takePort();
guardThread(start);
serveInspector(start.transport);
