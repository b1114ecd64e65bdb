/** Errors as problem documents (RFC 9457) and back. Shared, pure. */

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** For programs. */
  readonly code: string;
  /** What is wrong with which field of the request. */
  readonly errors?: readonly FieldError[];
}

export interface FieldError {
  /** `paths.0`, or `` for the whole. */
  readonly field: string;
  readonly message: string;
}

const statusByCode: Readonly<Record<string, number>> = {
  unauthorized: 401,
  forbidden: 403,
  wrong_host: 421,
  too_large: 413,
  too_many_requests: 429,
  not_found: 404,
  method_not_allowed: 405,
  bad_json: 400,
  job_not_found: 404,
  artifact_not_found: 404,
  artifact_changed: 409,
  job_over: 409,
  job_running: 409,
  job_planned: 409,
  job_publishing: 409,
  job_exists: 409,
  draining: 503,
};

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Who are you?",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Not possible now",
  413: "Too large",
  421: "Wrong host",
  422: "Request cannot be carried out",
  429: "Too many requests",
  500: "Internal error",
  503: "Stopping",
};

/** An error of the API itself, told like those of the rest. */
export class RequestError extends Error {
  override readonly name = "UserError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** People's errors are told as they are. Over a port, ours only by that they happened: what they say may hold paths and secrets. */
function problemOf(error: unknown, isRemote = false): Problem {
  const { name, code, message, issues } = (error ?? {}) as {
    name?: string;
    code?: string;
    message?: string;
    issues?: readonly { path: readonly PropertyKey[]; message: string }[];
  };
  if (name === "ZodError" && issues !== undefined) return fieldProblem(issues);
  const isTheirs =
    name === "UserError" ||
    name === "ConfigError" ||
    // Two who change one job at the same moment: the ledger tells the later one.
    (name === "LedgerError" && code !== undefined && Object.hasOwn(statusByCode, code));
  const status = isTheirs ? (statusByCode[code ?? ""] ?? 422) : 500;
  return {
    type: "about:blank",
    title: titles[status] ?? "Error",
    status,
    detail:
      isTheirs || !isRemote
        ? (message ?? String(error))
        : "something went wrong in the supervisor; its log says what",
    code: isTheirs ? (code ?? "bad_request") : "internal",
  };
}

function fieldProblem(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): Problem {
  const errors = issues.slice(0, 50).map(({ path, message }) => ({
    field: path.map(String).join("."),
    message,
  }));
  return {
    type: "about:blank",
    title: "Request cannot be carried out",
    status: 422,
    detail: errors
      .map(({ field, message }) => (field === "" ? message : `${field}: ${message}`))
      .join("; "),
    code: "bad_request",
    errors,
  };
}

export function problemResponse(error: unknown, isRemote = false): Response {
  const problem = problemOf(error, isRemote);
  return Response.json(problem, {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      ...(problem.status === 503 ? { "retry-after": "5" } : {}),
      ...(problem.status === 429 ? { "retry-after": "60" } : {}),
      ...(problem.status === 401 ? { "www-authenticate": "Bearer" } : {}),
    },
  });
}
