/** Events as the bytes of a stream, made once for all readers; where there are many, they are told together every so often. Host. */
import type { Event } from "@knowledge-chipper/core";

/** With more readers than this, what happens within a moment is one message to each. */
const MANY = 8;
const TOGETHER_MS = 50;

const encoder = new TextEncoder();
/** By the first event of a message. */
const made = new WeakMap<Event, { last: Event; count: number; bytes: Uint8Array }>();
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Readers are told what is left of one row of events by job and by where they began: same ends and number, same events. */
export function bytesOf(events: readonly Event[]): Uint8Array {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return new Uint8Array();
  const known = made.get(first);
  if (known !== undefined && known.last === last && known.count === events.length)
    return known.bytes;
  const bytes = encoder.encode(events.map(lines).join(""));
  made.set(first, { last, count: events.length, bytes });
  return bytes;
}

/** Calls at once while readers are few, else with those of all others. */
export function tellSoon(flush: () => void, readers: number): void {
  if (readers <= MANY) return flush();
  waiting.add(flush);
  timer ??= setTimeout(() => {
    timer = null;
    const all = [...waiting];
    waiting.clear();
    for (const one of all) one();
  }, TOGETHER_MS);
}

/** Progress is not durable and carries no id: a reader that comes back starts from the last durable event. */
function lines(event: Event): string {
  const id = event.seq > 0 ? `id: ${event.seq}\n` : "";
  return `${id}data: ${JSON.stringify(event)}\n\n`;
}
