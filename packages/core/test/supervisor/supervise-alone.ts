/** A supervisor in a process of its own, to be killed: starts a worker that does not end and prints its pid. Test side. */
import { startWorker, until } from "./start-worker.ts";

const [root = "", how = ""] = process.argv.slice(2);
const worker = startWorker({ root, processor: "stubborn", options: { how } });
worker.handle.run(worker.orders("a.txt"));
await until("the step has begun", () => worker.logs().includes("it has begun"));
console.log(worker.handle.pid);
