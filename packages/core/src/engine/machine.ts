/** Memory and load of the whole machine, for screens: looked at only when somebody asks, and not more often than it changes. Host, I/O. */
import { textOf } from "../config/usable-memory.ts";
import { parseCpuTimes, parseMeminfo, type CpuTimes } from "../model/kernel-figures.ts";
import { machineRoot } from "../model/machine-root.ts";

export interface MachineView {
  readonly totalBytes: number;
  /** In use by programs: caches that can be given back do not count. */
  readonly usedBytes: number;
  /** Share of all cores in use since the last look, 0 to 1. */
  readonly load: number;
}

export interface MachineWatch {
  /** The last look, at most `LOOK_MS` old; null before the first where it takes time. */
  view(): MachineView | null;
}

const LOOK_MS = 2_000;

export function createMachineWatch(now: () => number): MachineWatch {
  const look = proc() ?? systemInformation();
  let last: MachineView | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    view() {
      if (now() - lookedAt < LOOK_MS) return last;
      lookedAt = now();
      look((view) => {
        last = view;
      });
      return last;
    },
  };
}

type Look = (tell: (view: MachineView | null) => void) => void;

/** Linux: two small files, a tenth of a millisecond. */
function proc(): Look | null {
  if (parseMeminfo(textOf(`${machineRoot}/proc/meminfo`)) === null) return null;
  let before: CpuTimes = { busy: 0, all: 0 };
  return (tell) => {
    const memory = parseMeminfo(textOf(`${machineRoot}/proc/meminfo`));
    const times = parseCpuTimes(textOf("/proc/stat")) ?? before;
    const load = (times.busy - before.busy) / Math.max(1, times.all - before.all);
    before = times;
    if (memory === null) return tell(null);
    const { totalBytes, availableBytes } = memory;
    tell({ totalBytes, usedBytes: totalBytes - availableBytes, load });
  };
}

/** Elsewhere: milliseconds for memory, half a second of sampling for load, so it is loaded and asked beside the work. */
function systemInformation(): Look {
  const look = async (): Promise<MachineView | null> => {
    try {
      const { currentLoad, mem } = await import("systeminformation");
      const [memory, { currentLoad: percent }] = await Promise.all([mem(), currentLoad()]);
      return { totalBytes: memory.total, usedBytes: memory.active, load: percent / 100 };
    } catch {
      return null;
    }
  };
  return (tell) => void look().then(tell);
}
