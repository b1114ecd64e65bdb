/** Memory of everything that belongs to a worker: its control group, or its descendants and what is left in its process group. Host, I/O. */
import type { MemoryGroup } from "./memory-group.ts";
import { allProcesses, childrenOf, processGroup, residentBytes } from "./process-state.ts";

/**
 * Resident memory of the tree in bytes (shared pages count once for each that shares them), or null when it cannot be read.
 *
 * @param group control group of the worker, where it has one: it knows its members better and sooner
 */
export function treeBytes(
  pid: number,
  group: Pick<MemoryGroup, "members"> | null = null,
): number | null {
  const own = residentBytes(pid);
  if (own === null) return null;
  const members = group === null ? family(pid) : new Set(group.members());
  members.delete(pid);
  let bytes = own;
  for (const member of members) bytes += residentBytes(member) ?? 0;
  return bytes;
}

function family(pid: number): Set<number> {
  const members = descendants(pid);
  for (const stray of groups.membersOf(pid)) members.add(stray);
  return members;
}

function descendants(pid: number): Set<number> {
  const found = new Set<number>();
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of childrenOf(next)) {
      if (found.has(child)) continue;
      found.add(child);
      open.push(child);
    }
  }
  return found;
}

/**
 * Who is in which process group, looked up for all workers together every few seconds: a whole scan of /proc is dear, and
 * only double-forked processes are found by it alone.
 */
const groups = groupTable(5_000);

function groupTable(maxAgeMs: number) {
  let members = new Map<number, number[]>();
  let scannedAt = -Infinity;
  let scanning = false;

  const scan = async () => {
    const found = new Map<number, number[]>();
    let count = 0;
    for (const pid of allProcesses()) {
      const group = processGroup(pid);
      if (group !== null && group !== pid) found.set(group, [...(found.get(group) ?? []), pid]);
      count += 1;
      // A machine with thousands of processes must not hold up our loop.
      if (count % 64 === 0) await new Promise((go) => setImmediate(go));
    }
    members = found;
    scannedAt = performance.now();
    scanning = false;
  };

  return {
    membersOf: (group: number): readonly number[] => {
      if (!scanning && performance.now() - scannedAt > maxAgeMs) {
        scanning = true;
        scan().catch(() => {
          scanning = false;
        });
      }
      return members.get(group) ?? [];
    },
  };
}
