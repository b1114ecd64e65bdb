/** How the fixture processors that fail in an orderly way end: the same whatever kind of worker runs them. Test side, pure. */

/** Their step fails with these facts. */
export const orderlyFailures: [processor: string, failure: object][] = [
  ["throws", { kind: "error", error: { message: "could not work on bad.txt" } }],
  ["throws-permanent", { kind: "permanent", error: { code: "beyond_repair" } }],
  ["retry-later", { kind: "retry-later", error: { code: "retry_later", delayMs: 200 } }],
  ["skips", { kind: "skip", error: { message: "bad.txt has nothing in it" } }],
  ["cyclic-meta", { kind: "permanent", error: { code: "not_plain" } }],
  ["huge-meta", { kind: "permanent", error: { code: "result_too_large" } }],
  ["bad-output", { kind: "permanent", error: { code: "output_invalid" } }],
  ["output-symlink", { kind: "permanent", error: { code: "output_invalid" } }],
  ["output-escape", { kind: "permanent", error: { code: "output_invalid" } }],
  ["odd-throws", { kind: "error", error: { message: "threw null" } }],
];

/** Their worker never becomes ready, with this code. */
export const unstartable: [processor: string, code: string][] = [
  ["no-load", "processor_not_loadable"],
  ["not-a-processor", "not_a_processor"],
  ["wrong-sdk", "sdk_mismatch"],
  ["needs-more", "requirement_missing"],
];
