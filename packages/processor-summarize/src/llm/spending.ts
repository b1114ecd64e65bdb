/** What a file has used so far and may use at most. Pure. */
import { PermanentError } from "@knowledge-chipper/plugin-sdk";
import type { SummarizeOptions } from "../options.ts";
import { addUsage, type Usage } from "./language-model.ts";

type Budget = Pick<
  SummarizeOptions,
  "input_price" | "output_price" | "max_cost" | "max_total_tokens"
>;

/** Cost in the currency of the prices; null when they are not known. */
export function costOf({ input, output }: Usage, budget: Budget): number | null {
  const { input_price, output_price } = budget;
  if (input_price === null || output_price === null) return null;
  return Math.round(input * input_price + output * output_price) / 1e6;
}

/**
 * @param used so far
 * @param ahead what comes at least (before the first request) or at most (before one more)
 * @throws PermanentError when that would be more than the budget
 */
export function checkBudget(name: string, used: Usage, ahead: Usage, budget: Budget): void {
  const total = addUsage(used, ahead);
  const tokens = total.input + total.output;
  if (budget.max_total_tokens !== null && tokens > budget.max_total_tokens) {
    throw overBudget(
      name,
      `about ${tokens} tokens`,
      `summarize.max_total_tokens (${budget.max_total_tokens})`,
    );
  }
  const cost = costOf(total, budget);
  if (budget.max_cost !== null && cost !== null && cost > budget.max_cost) {
    throw overBudget(name, `about ${cost.toFixed(4)}`, `summarize.max_cost (${budget.max_cost})`);
  }
}

function overBudget(name: string, needs: string, limit: string): PermanentError {
  return new PermanentError(
    `${name} needs ${needs}, more than ${limit}: raise it, or leave the file to provider extractive`,
    { code: "over_budget" },
  );
}
