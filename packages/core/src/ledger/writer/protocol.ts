/** What main thread and writer thread say to one another; everything travels as JSON text, which Bun passes without cloning. Shared, types only. */
import type { ErrorFacts } from "../../model/error-facts.ts";
import type { Event } from "../../model/event.ts";
import type { Operations } from "../operations/all.ts";
import type { Opened } from "../opening/open-for-writing.ts";

export type Ready = Pick<Opened, "homeId" | "repair" | "notices">;

export interface WriterStart {
  readonly start: { readonly home: string };
}

/** `id` is 0 for nobody waiting. */
export type Call = readonly [id: number, operation: keyof Operations, args: readonly unknown[]];

export type ToWriter = WriterStart | { readonly calls: readonly Call[] } | { readonly stop: true };

export type Reply =
  | readonly [id: number, ok: true, result: unknown]
  | readonly [id: number, ok: false, error: ErrorFacts];

export type FromWriter =
  | { readonly ready: Ready }
  | { readonly failed: ErrorFacts }
  /** A group is on disk (or was refused): its events first, then the answers. */
  | { readonly events?: readonly Event[]; readonly replies: readonly Reply[] }
  | { readonly fatal: string }
  | { readonly stopped: true };
