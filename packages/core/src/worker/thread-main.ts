/** Entry of a worker in a thread: binds the conversation to the port it is given. Worker side, in a thread. */
import { serveWorker } from "./serve-worker.ts";
import { guardThread } from "./thread-guard.ts";
import { takePort } from "./thread-port.ts";

const start = await takePort();
guardThread(start);
serveWorker(start.transport);
