/** One look at the memory we may use: our control groups, the machine, swap and pressure. Host, reads /proc and /sys. */
import { groupLimit, ourMemoryGroups, textOf } from "../config/usable-memory.ts";
import type { ControlGroup } from "../model/control-groups.ts";
import {
  parseBytes,
  parseCount,
  parseMeminfo,
  parsePressure,
  type MachineMemory,
} from "../model/kernel-figures.ts";
import type { MemoryFigures } from "../schedule/memory-levels.ts";

export interface MemoryLook extends MemoryFigures {
  /** Where it is tightest: of the machine, or of one of our control groups. */
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Where things are is found out once; limits may change while we run and are read each time. */
export function memoryLooker(root: string): () => MemoryLook | null {
  const groups = ourMemoryGroups(root);
  return () => {
    const machine = parseMeminfo(textOf(`${root}/proc/meminfo`));
    const rooms = [machineRoom(machine), ...groups.map((group) => groupRoom(root, group))];
    const tightest = rooms
      .filter((room) => room !== null)
      .reduce<Room | null>((a, b) => (a === null || shareOf(b) > shareOf(a) ? b : a), null);
    if (tightest === null) return null;
    const pressure = pressureOf(root, groups);
    return {
      ...tightest,
      used: shareOf(tightest),
      swapUsed: swapShare(machine),
      someStalled: pressure?.some ?? null,
      fullStalled: pressure?.full ?? null,
    };
  };
}

interface Room {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

function shareOf({ usedBytes, limitBytes }: Room): number {
  return Math.min(1, usedBytes / limitBytes);
}

function machineRoom(machine: MachineMemory | null): Room | null {
  if (machine === null) return null;
  const { totalBytes, availableBytes } = machine;
  return { usedBytes: totalBytes - availableBytes, limitBytes: totalBytes };
}

const USAGE = {
  1: { file: "memory.usage_in_bytes", prefix: "total_" },
  2: { file: "memory.current", prefix: "" },
} as const;

/** Cached files count as free, as they do for the machine: the kernel takes them back before it ends anybody. */
function groupRoom(root: string, group: ControlGroup): Room | null {
  const limitBytes = groupLimit(root, group);
  const { file, prefix } = USAGE[group.version];
  const charged = parseBytes(textOf(`${root}${group.path}/${file}`));
  if (limitBytes === null || charged === null) return null;
  const stat = textOf(`${root}${group.path}/memory.stat`);
  const cached = ["active_file", "inactive_file"].map(
    (name) => parseCount(stat, `${prefix}${name}`) ?? 0,
  );
  return { usedBytes: Math.max(0, charged - sum(cached)), limitBytes };
}

/** Of our own group where it is measured: what other containers wait for in their own limits is not our pressure. */
function pressureOf(root: string, groups: readonly ControlGroup[]) {
  const own = groups.find(({ version }) => version === 2);
  const ours =
    own === undefined ? null : parsePressure(textOf(`${root}${own.path}/memory.pressure`));
  return ours ?? parsePressure(textOf(`${root}/proc/pressure/memory`));
}

function swapShare(machine: MachineMemory | null): number | null {
  if (machine === null || machine.swapBytes === 0) return null;
  return 1 - machine.swapFreeBytes / machine.swapBytes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
