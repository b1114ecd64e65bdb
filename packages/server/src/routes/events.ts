/** Events as a stream (SSE): from `Last-Event-ID` or `after` on, without a gap, then as they happen. Host. */
import type { Control, Event } from "@knowledge-chipper/core";
import type { Context } from "hono";

const HEARTBEAT_MS = 15_000;
/** Bytes a slow reader may leave unread before it is cut off; it comes back with `Last-Event-ID` and misses nothing. */
const MOST_WAITING = 4 * 1024 * 1024;

export function streamEvents(c: Context, control: Control): Response {
  const from = c.req.header("last-event-id") ?? c.req.query("after");
  const after = from === undefined ? undefined : Math.max(0, Math.floor(Number(from)) || 0);
  const jobId = c.req.query("jobId");
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) < -MOST_WAITING) {
            stop();
            controller.close();
            return;
          }
          controller.enqueue(encoder.encode(text));
        };
        const beat = setInterval(() => send(": still here\n\n"), HEARTBEAT_MS);
        let unsubscribe = () => {};
        stop = () => {
          clearInterval(beat);
          unsubscribe();
          stop = () => {};
        };
        send(": events\n\n");
        unsubscribe = await control.subscribe((events) => send(events.map(lines).join("")), {
          ...(after === undefined ? {} : { after }),
          ...(jobId === undefined ? {} : { jobId }),
        });
      },
      cancel: () => stop(),
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

/** Progress is not durable and carries no id: a reader that comes back starts from the last durable event. */
function lines(event: Event): string {
  const id = event.seq > 0 ? `id: ${event.seq}\n` : "";
  return `${id}data: ${JSON.stringify(event)}\n\n`;
}
