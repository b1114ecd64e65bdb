/** Sends one piece to a transcription server and brings back whatever it answers in the end, with patience for busy ones. Worker side; network. */
import { setTimeout as wait } from "node:timers/promises";
import { RetryLaterError } from "@knowledge-chipper/plugin-sdk";
import type { EngineContext } from "./engine.ts";

const ATTEMPTS = 3;
/** Waits before the second and third attempt when the server names none, in ms. */
const BACKOFF_MS = [500, 1500];
/** A server that asks for more than this, in ms, gets the whole step back later. */
const LONGEST_WAIT_MS = 30_000;
/** Longest delay asked of the host, in ms: a clock gone wrong must not park a recording for a year. */
const LONGEST_DELAY_MS = 15 * 60_000;
/** A transcript of 30 s is a few kB; more than this, in bytes, is not one. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface Server {
  readonly address: string;
  /** Its address for messages, without secrets. */
  readonly shown: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** An answer that says something about this piece: status below 500 and not 408 or 429. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * @param form makes the body anew for each attempt
 * @throws RetryLaterError when the server is busy, Error when it fails or cannot be reached; both are worth another try
 */
export async function postPiece(
  server: Server,
  form: () => FormData,
  label: string,
  ctx: Pick<EngineContext, "log" | "extend">,
  signal: AbortSignal,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    // The server may think for that long without a sign of life.
    ctx.extend(server.timeoutMs);
    const result = await postOnce(server, form(), label, signal);
    if ("answer" in result) return result.answer;

    const delayMs = result.retryAfterMs ?? BACKOFF_MS[attempt - 1] ?? 0;
    if (attempt === ATTEMPTS || delayMs > LONGEST_WAIT_MS) throw finalError(result);
    ctx.log.warn(`${result.error.message}; trying again in ${delayMs / 1000} s`);
    await wait(delayMs, undefined, { signal });
  }
}

interface Failure {
  readonly error: Error;
  /** The server is there but has no time now. */
  readonly busy: boolean;
  readonly retryAfterMs: number | undefined;
}

async function postOnce(
  server: Server,
  body: FormData,
  label: string,
  signal: AbortSignal,
): Promise<{ answer: Answer } | Failure> {
  const timeout = AbortSignal.timeout(server.timeoutMs);
  try {
    const response = await fetch(server.address, {
      method: "POST",
      headers: server.headers,
      body,
      redirect: "manual", // sound and key are for the named server alone
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await boundedText(response);
    if (!isWorthRetrying(response.status)) return { answer: toAnswer(response, text) };
    const error = new Error(
      `${server.shown} answered ${response.status} to ${label}${quote(text)}`,
    );
    const busy = response.status === 429 || response.status === 503;
    return { error, busy, retryAfterMs: readRetryAfter(response.headers.get("retry-after")) };
  } catch (cause) {
    signal.throwIfAborted();
    const why = timeout.aborted
      ? `did not answer within ${server.timeoutMs / 1000} s to ${label} (option timeoutSeconds)`
      : `gave no usable answer to ${label}: ${describe(cause)}`;
    return {
      error: new Error(`${server.shown} ${why}`, { cause }),
      busy: false,
      retryAfterMs: undefined,
    };
  }
}

function isWorthRetrying(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function finalError({ error, busy, retryAfterMs }: Failure): Error {
  if (!busy) return error;
  const delayMs = Math.min(retryAfterMs ?? LONGEST_WAIT_MS, LONGEST_DELAY_MS);
  return new RetryLaterError(error.message, delayMs, { cause: error });
}

/** `Retry-After` in ms: seconds or a date; undefined when there is none or it makes no sense. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`its answer is over ${MAX_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function toAnswer(response: Response, body: string): Answer {
  return { status: response.status, contentType: response.headers.get("content-type") ?? "", body };
}

/** The beginning of an answer on one line, for an error message. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().slice(0, 200);
  return line === "" ? "" : `: ${line}`;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
