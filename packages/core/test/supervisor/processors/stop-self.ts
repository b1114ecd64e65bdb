/** Stops its own process by SIGSTOP, as a Ctrl-Z would. Worker side. */
import { forEver, hostile } from "../../../../../tests/fixtures/parts/hostile.ts";

export default hostile("stop-self", () => {
  process.kill(process.pid, "SIGSTOP");
  return forEver();
});
