/** Memory and load of the whole machine, for screens: looked at now and then, only while somebody watches. Host, I/O. */

export interface MachineView {
  readonly totalBytes: number;
  /** In use by programs: caches that can be given back do not count. */
  readonly usedBytes: number;
  /** Share of all cores in use since the last look, 0 to 1. */
  readonly load: number;
}

export interface MachineWatch {
  /** The last look, or null before the first; asking for it keeps the looking alive. */
  view(): MachineView | null;
}

/** `systeminformation` needs milliseconds for memory and half a second of sampling for load: never on the way of a step. */
const LOOK_MS = 2_000;

export function createMachineWatch(now: () => number): MachineWatch {
  let last: MachineView | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    view() {
      if (now() - lookedAt >= LOOK_MS) {
        lookedAt = now();
        void look().then((view) => {
          last = view;
        });
      }
      return last;
    },
  };
}

async function look(): Promise<MachineView | null> {
  try {
    const { currentLoad, mem } = await import("systeminformation");
    const [memory, { currentLoad: percent }] = await Promise.all([mem(), currentLoad()]);
    return { totalBytes: memory.total, usedBytes: memory.active, load: percent / 100 };
  } catch {
    return null;
  }
}
