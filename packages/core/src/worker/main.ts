/** Entry of a worker process: binds the conversation to the channel it was started with. Worker side. */
import { serveWorker } from "./serve-worker.ts";
import { takeChannel } from "./take-channel.ts";

serveWorker(takeChannel());
