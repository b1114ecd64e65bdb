/** Errors as problem documents (RFC 9457) and back. Shared, pure. */

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** For programs. */
  readonly code: string;
}

const statusByCode: Readonly<Record<string, number>> = {
  job_not_found: 404,
  job_over: 409,
  job_running: 409,
  draining: 503,
};

/** People's errors are told as they are; ours only by their message. */
function problemOf(error: unknown): Problem {
  const { name, code, message } = (error ?? {}) as {
    name?: string;
    code?: string;
    message?: string;
  };
  const isTheirs = name === "UserError" || name === "ConfigError" || name === "ZodError";
  const status = isTheirs ? (statusByCode[code ?? ""] ?? 422) : 500;
  return {
    type: "about:blank",
    title: isTheirs ? "Request cannot be carried out" : "Internal error",
    status,
    detail: message ?? String(error),
    code: code ?? (isTheirs ? "bad_request" : "internal"),
  };
}

export function problemResponse(error: unknown): Response {
  const problem = problemOf(error);
  return Response.json(problem, {
    status: problem.status,
    headers: { "content-type": "application/problem+json" },
  });
}
