/** Where processors run: in processes of their own, or in threads of the program, which protect it from nothing. Shared, pure. */

export type Isolation =
  | { readonly kind: "process" }
  | { readonly kind: "thread"; readonly why: string };

/** What every screen says of it; null: nothing to say. */
export function isolationWarning(isolation: Isolation): string | null {
  if (isolation.kind === "process") return null;
  return `processors run in threads, without crash protection (${isolation.why}): one that crashes or eats memory takes the whole program with it, and the job goes on at the next start`;
}
