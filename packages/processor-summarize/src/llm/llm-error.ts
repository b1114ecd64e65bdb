/** The one error of asking a language model: what went wrong, whether it is worth repeating, and when. Pure. */

export type LlmErrorCode =
  /** 429: too many requests. */
  | "llm_rate_limited"
  /** 5xx. */
  | "llm_server_error"
  /** Nobody answers at the address. */
  | "llm_unreachable"
  /** The connection broke in the middle of an answer. */
  | "llm_disconnected"
  /** The answer ended without saying that it was over. */
  | "llm_cut_off"
  /** Something in the stream is no JSON. */
  | "llm_bad_stream"
  /** No sign of life for `timeout_seconds`. */
  | "llm_timeout"
  /** A finished answer without text. */
  | "llm_empty"
  /** Twice not the form that was asked for. */
  | "llm_bad_answer"
  /** A web page: a proxy, a login, a wrong address. */
  | "llm_not_an_api"
  /** 401, 403. */
  | "llm_key_refused"
  /** 404. */
  | "llm_unknown_model"
  /** Other 4xx. */
  | "llm_request_refused"
  /** The server's filter stopped the answer. */
  | "llm_filtered"
  /** A model file that cannot be loaded. */
  | "llm_bad_model";

const PERMANENT: ReadonlySet<LlmErrorCode> = new Set<LlmErrorCode>([
  "llm_not_an_api",
  "llm_key_refused",
  "llm_unknown_model",
  "llm_request_refused",
  "llm_filtered",
  "llm_bad_model",
]);

export class LlmError extends Error {
  override readonly name = "LlmError";
  readonly code: LlmErrorCode;
  /** How long the server asked us to stay away. */
  readonly retryAfterMs: number | null;

  constructor(
    code: LlmErrorCode,
    message: string,
    { retryAfterMs = null, cause }: { retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** The same request may succeed a little later. */
  get isTransient(): boolean {
    return !PERMANENT.has(this.code) && this.code !== "llm_bad_answer";
  }

  get isPermanent(): boolean {
    return PERMANENT.has(this.code);
  }
}
