/** What a step used of language models, as processors report it in `meta.usage`. Shared, pure. */

export interface ModelUsage {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In the currency of the prices; not there where they are not known. */
  readonly cost?: number;
}

/** Undefined for a result that speaks of none. A processor may write anything there: only whole numbers from 0 on, and a finite cost, count. */
export function modelUsageOf({ usage }: Readonly<Record<string, unknown>>): ModelUsage | undefined {
  if (typeof usage !== "object" || usage === null) return undefined;
  const { requests, inputTokens, outputTokens, cost } = usage as Record<string, unknown>;
  if (!isCount(requests) || !isCount(inputTokens) || !isCount(outputTokens)) return undefined;
  const known = typeof cost === "number" && Number.isFinite(cost) && cost >= 0;
  return { requests, inputTokens, outputTokens, ...(known ? { cost } : {}) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
