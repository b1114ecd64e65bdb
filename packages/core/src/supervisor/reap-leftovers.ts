/** Ends what a dead supervisor's workers have left running, however far it has detached itself. Host, I/O; Linux only. */
import { readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { sweepMemoryGroups } from "./memory-group.ts";
import { allProcesses, isGone, parentOf, startedAt } from "./process-state.ts";
import { supervisorMark } from "./worker-process.ts";

export interface Leftover {
  readonly pid: number;
  /** Which worker's it was, e.g. `a1b2c3d4/3`. */
  readonly mark: string;
  /** Its command line, cut. */
  readonly command: string;
}

/** What a killed process may have forked meanwhile is found by looking again. */
const MAX_ROUNDS = 5;
const GONE_MS = 2_000;

/**
 * Kills every process of ours that carries the mark of this home and whose supervisor no longer lives. Call it holding the
 * home's lock, before any worker is started. Resolves when they are gone.
 */
export async function reapLeftovers(homeId: string): Promise<readonly Leftover[]> {
  const killed = await killMarked(
    ({ mark, supervisor }) => mark.startsWith(`${homeId}/`) && !supervisorLives(supervisor),
  );
  await sweepMemoryGroups(homeId);
  return killed;
}

/** Kills what one worker of ours, now gone, had detached from its process group. */
export async function reapWorker(homeId: string, label: string): Promise<readonly Leftover[]> {
  const ours = supervisorMark();
  return await killMarked(
    ({ mark, supervisor }) => mark === `${homeId}/${label}` && supervisor === ours,
  );
}

interface Marks {
  readonly mark: string;
  readonly supervisor: string;
}

async function killMarked(isLeftover: (marks: Marks) => boolean): Promise<Leftover[]> {
  const killed = new Map<number, Leftover>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = await findMarked(isLeftover);
    if (found.length === 0) break;
    for (const each of found) {
      killed.set(each.pid, each);
      kill(each.pid);
    }
    await untilGone(found.map(({ pid }) => pid));
  }
  return [...killed.values()];
}

async function findMarked(isLeftover: (marks: Marks) => boolean): Promise<Leftover[]> {
  const spared = ourselves();
  const found: Leftover[] = [];
  let count = 0;
  for (const pid of allProcesses()) {
    count += 1;
    if (count % 64 === 0) await new Promise((go) => setImmediate(go));
    if (spared.has(pid)) continue;
    const marks = marksOf(pid);
    if (marks === null || !isLeftover(marks)) continue;
    const { mark } = marks;
    found.push({ pid, mark, command: commandOf(pid) });
  }
  return found;
}

/** We and everything that started us: a supervisor may itself run below a worker of some home. */
function ourselves(): Set<number> {
  const chain = new Set<number>();
  for (let pid: number | null = process.pid; pid !== null && pid > 0 && !chain.has(pid);) {
    chain.add(pid);
    pid = parentOf(pid);
  }
  return chain;
}

/** A copied home has the same name: the workers of its living supervisor are no leftovers of ours. */
function supervisorLives(mark: string): boolean {
  const [pid, started] = mark.split(":");
  return pid !== undefined && pid !== "" && startedAt(Number(pid)) === started;
}

/** What its environment said when it was started, or null when it is not marked, or not ours to read. */
function marksOf(pid: number): Marks | null {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return null;
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const valueOf = (name: string) =>
      entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
    const mark = valueOf("KC_ATTEMPT");
    return mark === undefined ? null : { mark, supervisor: valueOf("KC_SUPERVISOR") ?? "" };
  } catch {
    return null;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim().slice(0, 500);
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + GONE_MS;
  while (performance.now() < deadline && !pids.every(isGone)) await delay(5);
}
