/** Draws when there is something to draw, as often as is allowed. I/O (timers). */
import { paintDelay, withPaint } from "./paint-times.ts";

export interface Painter {
  ask(isUrgent: boolean): void;
  close(): void;
}

/** `paint` says whether anything was drawn. */
export function createPainter(paint: () => boolean): Painter {
  let drawn: number[] = [];
  let due: { readonly timer: ReturnType<typeof setTimeout>; readonly at: number } | null = null;
  const run = () => {
    due = null;
    if (paint()) drawn = withPaint(drawn, performance.now());
  };
  return {
    ask(isUrgent) {
      const now = performance.now();
      const at = now + paintDelay(drawn, isUrgent, now);
      if (due !== null) {
        if (due.at <= at) return;
        clearTimeout(due.timer);
      }
      due = { timer: setTimeout(run, at - now), at };
    },
    close() {
      if (due !== null) clearTimeout(due.timer);
    },
  };
}
