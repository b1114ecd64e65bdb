/** The server side: one home's Control over HTTP. */
export { createApp } from "./app.ts";
export { serveHome, type HomeServer } from "./serve-home.ts";
export { socketPath } from "./socket-path.ts";
