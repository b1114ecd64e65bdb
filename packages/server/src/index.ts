/** What the rest of the program may use of the server. */
export { createMetrics, type Metrics } from "./metrics.ts";
export { homeToken, rotateToken, tokenPath } from "./guard/token.ts";
export { serveHome, type HomeServer } from "./listen/home-socket.ts";
export { servePort, type PortOptions, type PortServer } from "./listen/port.ts";
