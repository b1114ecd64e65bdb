/** The audio processor under the suite that every processor passes, with a server that answers at once. */
import { afterAll } from "bun:test";
import { join } from "node:path";
import { processorConformance } from "@knowledge-chipper/plugin-sdk/testing";
import { speechServer } from "./speech-server.ts";

const server = speechServer("good");
afterAll(() => server[Symbol.asyncDispose]());

processorConformance("audio", {
  processor: join(import.meta.dir, "../src/index.ts"),
  sampleInput: { source: join(import.meta.dir, "../../../examples/recordings/welcome.mp3") },
  unreadableInput: { source: join(import.meta.dir, "fixtures/letter.mp3") },
  options: { endpoint: server.endpoint, decoder: "wasm", pieceSeconds: 6, threads: 2 },
});
