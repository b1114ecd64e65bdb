/** A transcription server for the tests: real HTTP on this machine, with the faults that real ones have. Test side. */

/** What to do with each request, in turn; the last one repeats. */
export type Behaviour =
  | "good"
  | "busy"
  | "busy-long"
  | "broken"
  | "html"
  | "empty"
  | "hang"
  | "no-key"
  | "no-model";

export interface SeenRequest {
  readonly fileName: string;
  readonly seconds: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly authorization: string | null;
}

/** Says for each piece how long it is, so that the text depends on the sound alone. */
export function speechServer(...behaviours: Behaviour[]) {
  const seen: SeenRequest[] = [];
  let arrived = Promise.withResolvers<void>();
  let silentFrom = Infinity;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      if (new URL(request.url).pathname !== "/v1/audio/transcriptions") {
        return new Response("nothing here", { status: 404 });
      }
      const form = await request.formData();
      const file = form.get("file") as File;
      const fields: Record<string, string> = {};
      for (const [key, value] of form) if (typeof value === "string") fields[key] = value;
      const seconds = (file.size - 44) / 32_000;
      const authorization = request.headers.get("authorization");
      seen.push({ fileName: file.name, seconds, fields, authorization });
      arrived.resolve();
      arrived = Promise.withResolvers();
      if (seen.length >= silentFrom) return answer("hang", seconds);
      const index = Math.min(seen.length, behaviours.length) - 1;
      return answer(behaviours[index] ?? "good", seconds);
    },
  });
  return {
    endpoint: `http://127.0.0.1:${server.port}/v1`,
    seen,
    /** The request of this number, and all after it, get no answer until another number is set. */
    stallFrom(number: number) {
      silentFrom = number;
    },
    /** Resolves with the next request. */
    nextRequest: () => arrived.promise,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function answer(behaviour: Behaviour, seconds: number): Response | Promise<Response> {
  const retryAfter = (value: string) => ({ status: 429, headers: { "retry-after": value } });
  switch (behaviour) {
    case "good":
      return Response.json({
        task: "transcribe",
        language: "english",
        duration: seconds,
        text: ` half. ${seconds.toFixed(2)} seconds.`,
        segments: [
          { id: 0, start: 0, end: seconds / 2, text: " half." },
          // Overshoots, as whisper does.
          {
            id: 1,
            start: seconds / 2,
            end: seconds + 9,
            text: ` ${seconds.toFixed(2)}\n seconds.`,
          },
        ],
      });
    case "busy":
      return new Response("slow down", retryAfter("0"));
    case "busy-long":
      return new Response("come back in two minutes", retryAfter("120"));
    case "broken":
      return new Response("out of memory", { status: 500 });
    case "html":
      return new Response("<!doctype html><h1>It works!</h1>", {
        headers: { "content-type": "text/html" },
      });
    case "empty":
      return new Response("");
    case "hang":
      return new Promise<Response>(() => {});
    case "no-key":
      return new Response("who are you?", { status: 401 });
    case "no-model":
      return Response.json({ error: { message: "model not found" } }, { status: 404 });
  }
}
