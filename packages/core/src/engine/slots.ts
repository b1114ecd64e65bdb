/** A fair, weighted semaphore: how many steps run at once over all jobs; whoever runs alone takes every slot. Host, pure but for promises. */

export interface Slots {
  /** Waits in line for `weight` slots (at most all of them) and returns the release. */
  acquire(weight: number): Promise<() => void>;
  readonly size: number;
  readonly free: number;
}

export function createSlots(size: number): Slots {
  const line: { weight: number; grant: () => void }[] = [];
  let free = size;

  const serve = () => {
    for (let first = line[0]; first !== undefined && first.weight <= free; first = line[0]) {
      line.shift();
      free -= first.weight;
      first.grant();
    }
  };

  return {
    size,
    get free() {
      return free;
    },
    acquire(wanted) {
      const weight = Math.max(1, Math.min(wanted, size));
      const { promise, resolve } = Promise.withResolvers<() => void>();
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        free += weight;
        serve();
      };
      line.push({ weight, grant: () => resolve(release) });
      serve();
      return promise;
    },
  };
}
