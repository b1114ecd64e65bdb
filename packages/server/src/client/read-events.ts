/** Reads a stream of server-sent events to its end. Shared, I/O. */
import type { Event } from "@knowledge-chipper/core/reading";

/** Resolves when the stream ends, rejects when it breaks. */
export async function readEvents(
  response: Response,
  listener: (events: readonly Event[]) => void | Promise<void>,
): Promise<void> {
  if (!response.ok || response.body === null) throw new Error(`no events: HTTP ${response.status}`);
  let rest = "";
  for await (const text of response.body.pipeThrough(
    new TextDecoderStream() as never,
  ) as unknown as AsyncIterable<string>) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    const events = blocks.flatMap(eventOf);
    if (events.length > 0) await listener(events);
  }
}

function eventOf(block: string): Event[] {
  const data = block
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice(6))
    .join("\n");
  return data === "" ? [] : [JSON.parse(data) as Event];
}
