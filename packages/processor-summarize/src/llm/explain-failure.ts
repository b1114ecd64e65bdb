/** Says in our words what the AI SDK threw or put into its stream, without anything that may hold a key. Pure. */
import { LlmError, type LlmErrorCode } from "./llm-error.ts";

/** Whom we asked, for the message. */
export interface Asked {
  readonly model: string;
  readonly address: string;
  /** Blanked out wherever it appears: servers quote the key they refuse. */
  readonly key: string | undefined;
}

/** Most characters of what a server says about itself. */
const MAX_DETAIL = 300;

/** The LlmError for whatever was thrown; an LlmError in its chain of causes stays what it is. */
export function explainFailure(thrown: unknown, asked: Asked): LlmError {
  const chain = causesOf(thrown);
  const known = chain.find((each) => each instanceof LlmError);
  if (known !== undefined) return known;
  const status = chain.map((each) => numberIn(each, "statusCode")).find((each) => each >= 400);
  if (status !== undefined) return byStatus(status, chain, asked);
  const detail = detailOf(chain, asked);
  const fail = (code: LlmErrorCode, what: string) => new LlmError(code, `${what}: ${detail}`);
  const text = chain.map((each) => `${each.name} ${each.message} ${codeOf(each)}`).join(" ");
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|Unable to connect|ConnectionRefused/i.test(text)) {
    return fail(
      "llm_unreachable",
      `no model server answers at ${asked.address}: start it, or set summarize.base_url`,
    );
  }
  if (/JSONParse|TypeValidation/i.test(text)) {
    return fail("llm_bad_stream", `${asked.address} sent something that is no answer of a model`);
  }
  if (/without a finish (?:reason|chunk)/i.test(text)) {
    return fail("llm_cut_off", `the answer of ${asked.model} broke off before its end`);
  }
  if (/ECONNRESET|EPIPE|closed|reset|terminated|socket/i.test(text)) {
    return fail("llm_disconnected", `the connection to ${asked.address} broke during an answer`);
  }
  return fail("llm_server_error", `${asked.model} at ${asked.address} gave no usable answer`);
}

function byStatus(status: number, chain: readonly Error[], asked: Asked): LlmError {
  const detail = detailOf(chain, asked);
  const { model, address } = asked;
  const retryAfterMs = retryAfter(chain);
  if (status === 401 || status === 403) {
    return new LlmError(
      "llm_key_refused",
      `${address} refused the key (${status}): set summarize.api_key to env:NAME of a variable with a valid one: ${detail}`,
    );
  }
  if (status === 404) {
    return new LlmError(
      "llm_unknown_model",
      `${address} knows no model ${model} (404): check summarize.model and summarize.base_url: ${detail}`,
    );
  }
  if (status === 429) {
    const message = `${address} takes no more requests for now (429): ${detail}`;
    return new LlmError("llm_rate_limited", message, { retryAfterMs });
  }
  if (status >= 500 || status === 408 || status === 409) {
    const message = `${address} failed (${status}): ${detail}`;
    return new LlmError("llm_server_error", message, { retryAfterMs });
  }
  return new LlmError(
    "llm_request_refused",
    `${address} refused the request (${status}): ${detail}`,
  );
}

/** Seconds or a date in `retry-after`, milliseconds in `retry-after-ms`. */
function retryAfter(chain: readonly Error[]): number | null {
  for (const each of chain) {
    const headers: unknown = Reflect.get(each, "responseHeaders");
    if (typeof headers !== "object" || headers === null) continue;
    const ms = Number(Reflect.get(headers, "retry-after-ms") ?? Number.NaN);
    if (Number.isFinite(ms)) return Math.max(0, ms);
    const value: unknown = Reflect.get(headers, "retry-after");
    if (typeof value !== "string") continue;
    const seconds = Number(value);
    const date = Date.parse(value);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
    if (Number.isFinite(date)) return Math.max(0, date - Date.now());
  }
  return null;
}

function causesOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = thrown; at instanceof Error && chain.length < 8; at = at.cause ?? lastError(at)) {
    chain.push(at);
  }
  return chain.length === 0 ? [new Error(String(thrown))] : chain;
}

function lastError(error: Error): unknown {
  return Reflect.get(error, "lastError");
}

/** The deepest message, on one line, without the key. */
function detailOf(chain: readonly Error[], asked: Asked): string {
  return withoutKey(chain.at(-1)?.message ?? "", asked.key)
    .replace(/\s+/g, " ")
    .slice(0, MAX_DETAIL);
}

/** What a server that needs no key is given for one is no secret, and may be a single letter. */
const MIN_KEY = 6;

function withoutKey(text: string, key: string | undefined): string {
  return key === undefined || key.length < MIN_KEY ? text : text.replaceAll(key, "[key]");
}

function numberIn(error: Error, name: string): number {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "number" ? value : 0;
}

function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : "";
}
