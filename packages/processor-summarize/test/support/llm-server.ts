/** A real model server on this machine that answers from the text it is sent, or fails in the way its model's name says (`trunc`, `hang`, `e429`, ...; any other name answers well). For tests; I/O. */

export interface LlmRequest {
  readonly model: string;
  readonly path: string;
  readonly system: string;
  readonly prompt: string;
  readonly key: string;
  /** From which port of this machine it came. */
  readonly port: number;
  /** Whole body, as it came. */
  readonly body: Record<string, unknown>;
}

export interface LlmServer extends Disposable {
  /** `http://127.0.0.1:PORT/v1` */
  readonly url: string;
  readonly requests: LlmRequest[];
  /** Most requests that were under way at once. */
  readonly mostAtOnce: () => number;
  /** From the nth request on (1 is the first) none is answered. */
  stallFrom(nth: number): void;
}

export const USAGE = { input: 100, output: 20 };

export function startLlmServer(): LlmServer {
  const requests: LlmRequest[] = [];
  const over = Promise.withResolvers<void>();
  let stall = Infinity;
  let now = 0;
  let most = 0;

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(http) {
      const request = await readRequest(http, server.requestIP(http)?.port ?? 0);
      requests.push(request);
      most = Math.max(most, (now += 1));
      try {
        if (requests.length >= stall || request.model === "hang") {
          await Promise.race([over.promise, aborted(http.signal)]);
          return new Response("gone", { status: 503 });
        }
        const seen = requests.filter((each) => each.model === request.model).length;
        return refusal(request, seen) ?? stream(request, answerTo(request, seen));
      } finally {
        now -= 1;
      }
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    requests,
    mostAtOnce: () => most,
    stallFrom(nth) {
      stall = nth;
    },
    [Symbol.dispose]() {
      over.resolve();
      void server.stop(true);
    },
  };
}

async function readRequest(http: Request, port: number): Promise<LlmRequest> {
  const body = (await http.json()) as Record<string, unknown>;
  const messages = body["messages"] as { role: string; content: unknown }[];
  const said = (role: string) =>
    messages.filter((each) => each.role === role).map(({ content }) => textOf(content));
  return {
    model: String(body["model"]),
    path: new URL(http.url).pathname,
    system: [...said("system"), ...said("developer"), textOf(body["system"] ?? "")].join(""),
    prompt: said("user").join("\n"),
    key: http.headers.get("x-api-key") ?? http.headers.get("authorization") ?? "",
    port,
    body,
  };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return (content as { text?: string }[]).map((part) => part.text ?? "").join("");
}

function refusal({ model, key }: LlmRequest, seen: number): Response | null {
  const error = (status: number, message: string, headers: Record<string, string> = {}) =>
    Response.json({ error: { message, type: "error" } }, { status, headers });
  if (model === "e500") return new Response("boom", { status: 500 });
  if (model === "e429") return error(429, "slow down", { "retry-after": "1" });
  if (model === "e429-long") return error(429, "come back later", { "retry-after": "3600" });
  if (model === "e401")
    return error(401, `Incorrect API key provided: ${key.replace("Bearer ", "")}`);
  if (model === "e404") return error(404, "no such model");
  if (model === "e400") return error(400, "context length exceeded");
  if (model === "flaky" && seen < 3) return error(503, "overloaded", { "retry-after-ms": "20" });
  if (model !== "html") return null;
  return new Response("<html>proxy login</html>", { headers: { "content-type": "text/html" } });
}

/** Notes whose quotes are sentences of the text, the first points of joined notes, or plain words. */
function answerTo({ model, prompt }: LlmRequest, seen: number): string {
  if (model === "empty") return "";
  if (model === "wrong-form" || (model === "wrong-form-once" && seen === 1)) {
    return 'Sure! Here is it: {"summary": 7}';
  }
  const text = /<(source-\w+)>\n([\s\S]*?)\n<\/\1>/.exec(prompt)?.[2] ?? "";
  if (prompt.startsWith("Make notes")) return JSON.stringify(notesOn(text));
  if (prompt.startsWith("These are notes")) {
    const summary = `All of it: ${/: (.*)/.exec(text)?.[1] ?? ""}`;
    return JSON.stringify({ summary, points: [2, 1, 99] });
  }
  return `## Told freely\n\nIt begins with: ${text.slice(0, 40)}`;
}

function notesOn(text: string) {
  const sentences = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => line.match(/[^.!?]+[.!?]/g) ?? [])
    .map((sentence) => sentence.trim());
  const [first = "", second = "", third = ""] = sentences;
  return {
    summary: `It says: ${first}`,
    points: [first, second].filter(Boolean).map((quote) => ({ text: `Point: ${quote}`, quote })),
    claims: [
      { statement: third || first, type: "finding", confidence: 0.8, quote: third || first },
      {
        statement: "Invented.",
        type: "finding",
        confidence: 1,
        quote: "This stands nowhere at all.",
      },
    ],
    keywords: [first.split(" ").at(-1)?.replace(/\W/g, "") ?? "", "water"],
  };
}

/** The answer in the form of the interface that was asked, in small pieces. */
function stream({ model, path, body }: LlmRequest, text: string): Response {
  const pieces = text.match(/[\s\S]{1,40}/g) ?? [];
  const isAnthropic = path.endsWith("/messages");
  const lines = isAnthropic ? anthropicEvents(model, pieces) : openAiEvents(model, pieces);
  if (body["stream"] !== true) return new Response("only streams", { status: 400 });
  return new Response(
    new ReadableStream({
      async start(controller) {
        const send = (line: string) => controller.enqueue(new TextEncoder().encode(line));
        for (const [i, line] of lines.entries()) {
          if (i === 2 && model === "cut") return controller.error(new Error("cut"));
          if (i === 2 && model === "trunc") return controller.close();
          if (i === 2 && model === "badjson") send("data: {not json\n\n");
          send(line);
          if (model === "slow") await Bun.sleep(30);
        }
        controller.close();
      },
    }),
    { headers: { "content-type": "text/event-stream" } },
  );
}

function openAiEvents(model: string, pieces: readonly string[]): string[] {
  const event = (
    delta: unknown,
    more: Record<string, unknown> = {},
    finish: string | null = null,
  ) =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model, choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`;
  const finish = model === "long" ? "length" : model === "filtered" ? "content_filter" : "stop";
  const { input, output } = USAGE;
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  return [
    ...pieces.map((content) => event({ content })),
    event({}, { usage }, finish),
    "data: [DONE]\n\n",
  ];
}

function anthropicEvents(model: string, pieces: readonly string[]): string[] {
  const event = (type: string, data: Record<string, unknown>) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
  const stop = model === "long" ? "max_tokens" : model === "filtered" ? "refusal" : "end_turn";
  return [
    event("message_start", {
      message: {
        id: "m",
        type: "message",
        role: "assistant",
        model,
        content: [],
        stop_reason: null,
        usage: { input_tokens: USAGE.input, output_tokens: 0 },
      },
    }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ...pieces.map((text) =>
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
    ),
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: stop },
      usage: { output_tokens: USAGE.output },
    }),
    event("message_stop", {}),
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}
