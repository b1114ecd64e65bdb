/** Entry of the writer thread: binds the group commit to the messages of the main thread. Writer thread, I/O. */
import { serveWriter } from "./serve.ts";

serveWriter({
  listen: (onMessage) => {
    globalThis.addEventListener("message", (event) =>
      onMessage((event as MessageEvent<string>).data),
    );
  },
  post: (text) => globalThis.postMessage(text),
});
