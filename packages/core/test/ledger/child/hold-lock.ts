/** Takes a home's lock, says how that went, and holds it until it is killed. For home-lock.test.ts. */
import { acquireHomeLock } from "../../../src/ledger/home-lock.ts";

try {
  await acquireHomeLock(process.argv[2] ?? "");
  // A lock must not hang on somebody keeping its object.
  Bun.gc(true);
  console.log("held");
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log((error as { code?: string }).code);
}
