/** A bell to wait for: rings while nobody waits are remembered, once. Host, pure but for promises. */

export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or at once when it rang since the last wait. */
  heard(): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let waiting: (() => void) | null = null;
  return {
    ring() {
      if (waiting === null) {
        rung = true;
        return;
      }
      const wake = waiting;
      waiting = null;
      wake();
    },
    heard() {
      if (rung) {
        rung = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
  };
}
