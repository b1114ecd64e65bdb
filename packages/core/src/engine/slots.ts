/** A fair semaphore: how many steps run at once over all jobs, as many as are allowed right now; whoever runs alone has nothing beside it. Host, pure but for promises. */

export interface Slots {
  /** Waits in line for a slot, or with `"all"` until nothing else runs, and returns the release. */
  acquire(wanted: 1 | "all"): Promise<() => void>;
  /** Allows so many from now on, at least 1 and at most `size`; what runs already goes on. */
  allow(most: number): void;
  /** The most there will ever be. */
  readonly size: number;
  readonly allowed: number;
  readonly used: number;
}

export function createSlots(size: number): Slots {
  const line: { wanted: 1 | "all"; grant: () => void }[] = [];
  let allowed = size;
  let used = 0;
  let isAlone = false;

  const serve = () => {
    for (let first = line[0]; first !== undefined; first = line[0]) {
      if (isAlone || used >= (first.wanted === "all" ? 1 : allowed)) return;
      line.shift();
      used += 1;
      isAlone = first.wanted === "all";
      first.grant();
    }
  };

  return {
    size,
    get allowed() {
      return allowed;
    },
    get used() {
      return used;
    },
    allow(most) {
      allowed = Math.max(1, Math.min(most, size));
      serve();
    },
    acquire(wanted) {
      const { promise, resolve } = Promise.withResolvers<() => void>();
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        used -= 1;
        isAlone = false;
        serve();
      };
      line.push({ wanted, grant: () => resolve(release) });
      serve();
      return promise;
    },
  };
}
