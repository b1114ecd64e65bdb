/** Kinds of values that sections share, each with its range. Shared, pure. */
import { z } from "zod";

export function flag(defaultValue: boolean, description: string) {
  return z.boolean().default(defaultValue).describe(description);
}

/** Seconds, from a twentieth of one to a week; fractions allowed. */
export function seconds(defaultValue: number, description: string, least = 0.05) {
  return z
    .number()
    .min(least)
    .max(604_800)
    .default(defaultValue)
    .describe(`${description} Seconds.`);
}

export function count(defaultValue: number, least: number, most: number, description: string) {
  return z.number().int().min(least).max(most).default(defaultValue).describe(description);
}

export function percent(defaultValue: number, description: string) {
  return z.number().min(1).max(100).default(defaultValue).describe(`${description} Percent.`);
}

/** Gigabytes of 1024^3 bytes; fractions allowed. */
export const gigabytes = z.number().min(0.05).max(65_536);
