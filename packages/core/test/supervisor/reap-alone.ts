/** Looks for leftovers from a process that is itself marked as one. Test side. */
import { reapLeftovers } from "../../src/supervisor/reap-leftovers.ts";

const killed = await reapLeftovers(process.argv[2] ?? "");
console.log(`killed ${killed.length}`);
