/** Events as a stream (SSE): from `Last-Event-ID` or `after` on, without a gap, then as they happen. Host. */
import type { Control, Event } from "@knowledge-chipper/core";
import type { Context } from "hono";
import { z } from "zod";
import { RequestError } from "../problem.ts";
import { bytesOf, tellSoon } from "./sse-text.ts";

/** Well below the time after which servers and proxies give up a silent connection. */
const HEARTBEAT_MS = 5_000;
/** Bytes a slow reader may leave unread before it is cut off; it comes back with `Last-Event-ID` and misses nothing. */
const MOST_WAITING = 4 * 1024 * 1024;
/** While the past is told, the next page waits until less than this is unread: however long it is, nobody is cut off. */
const REPLAY_WAITING = 256 * 1024;

const BEAT = new TextEncoder().encode(": still here\n\n");
/** Streams at once; each costs a little with every event. */
const MOST_READERS = 500;
/** Streams that are open in this process. */
let readers = 0;

export const eventsHead = {
  headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
};

const eventsQuery = z.object({
  after: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  jobId: z.string().max(100).optional(),
});

export function streamEvents(c: Context, control: Control): Response {
  const header = c.req.header("last-event-id");
  const { jobId, after } = eventsQuery.parse({
    ...c.req.query(),
    ...(header === undefined || header === "" ? {} : { after: header }),
  });
  if (readers >= MOST_READERS)
    throw new RequestError("too_many_requests", `${readers} streams are open already; close some`);
  const ending = new AbortController();
  /** Called when the reader took something, or left. */
  let taken = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (bytes: Uint8Array): void => {
          if (ending.signal.aborted) return;
          if ((controller.desiredSize ?? 0) < -MOST_WAITING) {
            ending.abort();
            // Not closed: what is unread would stay in memory until it is read.
            return controller.error();
          }
          controller.enqueue(bytes);
        };
        const room = async (): Promise<void> => {
          while (!ending.signal.aborted && (controller.desiredSize ?? 0) < -REPLAY_WAITING) {
            await new Promise<void>((resolve) => (taken = resolve));
          }
        };
        const beat = setInterval(() => send(BEAT), HEARTBEAT_MS);
        readers += 1;
        ending.signal.addEventListener("abort", () => {
          readers -= 1;
          clearInterval(beat);
        });
        send(BEAT);
        // Not awaited: until `start` is over, nobody is asked for more.
        void follow(send, room).catch((error: unknown) => {
          if (!ending.signal.aborted) controller.error(error);
          ending.abort();
        });
      },
      pull: () => taken(),
      cancel: () => {
        ending.abort();
        taken();
      },
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );

  /** First the past, a page when there is room for it; then what happens, as fast as it does. */
  async function follow(
    send: (bytes: Uint8Array) => void,
    room: () => Promise<void>,
  ): Promise<void> {
    let isPast = true;
    let untold: Event[] = [];
    const tell = () => {
      const events = untold;
      untold = [];
      if (events.length > 0) send(bytesOf(events));
    };
    const listener = (events: readonly Event[]): void | Promise<void> => {
      untold.push(...events);
      if (!isPast) return tellSoon(tell, readers);
      tell();
      return room();
    };
    const unsubscribe = await control.subscribe(listener, {
      signal: ending.signal,
      ...(after === undefined ? {} : { after }),
      ...(jobId === undefined ? {} : { jobId }),
    });
    isPast = false;
    if (ending.signal.aborted) unsubscribe();
    else ending.signal.addEventListener("abort", unsubscribe);
  }

  return new Response(body, eventsHead);
}
