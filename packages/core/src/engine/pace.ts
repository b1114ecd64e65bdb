/** Lets as many steps run side by side as memory allows: follows the guard's level and moves the slots. Host. */
import { adjustConcurrency, slotsFor, startConcurrency } from "../schedule/concurrency.ts";
import type { Admission } from "./admission.ts";
import type { MemoryGuard } from "./memory-guard.ts";
import type { Slots } from "./slots.ts";

export interface Pace {
  close(): void;
}

const LOOK_MS = 500;

export function keepPace(
  slots: Slots,
  memory: Pick<MemoryGuard, "level" | "onChange">,
  admission: Pick<Admission, "look">,
  now: () => number,
): Pace {
  let state = startConcurrency(slots.size, now());
  let timer: ReturnType<typeof setTimeout> | null = null;

  const look = () => {
    const { level } = memory;
    state = adjustConcurrency(state, { level, busy: slots.used, most: slots.size, now: now() });
    slots.allow(slotsFor(state));
    admission.look();
    // With everything allowed there is nothing to do until the level changes.
    if (timer !== null || (level === "normal" && state.allowed === slots.size)) return;
    timer = setTimeout(() => {
      timer = null;
      look();
    }, LOOK_MS);
    timer.unref();
  };
  const unfollow = memory.onChange(look);

  return {
    close() {
      unfollow();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
