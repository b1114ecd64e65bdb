/** Ends what a dead supervisor's workers have left running, however far it has detached itself. Host, I/O; Linux only. */
import { readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { allProcesses, isGone, parentOf, startedAt } from "./process-state.ts";

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
  const killed = new Map<number, Leftover>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = await findLeftovers(homeId);
    if (found.length === 0) break;
    for (const each of found) {
      killed.set(each.pid, each);
      kill(each.pid);
    }
    await untilGone(found.map(({ pid }) => pid));
  }
  return [...killed.values()];
}

async function findLeftovers(homeId: string): Promise<Leftover[]> {
  const spared = ourselves();
  const found: Leftover[] = [];
  let count = 0;
  for (const pid of allProcesses()) {
    count += 1;
    if (count % 64 === 0) await new Promise((go) => setImmediate(go));
    if (spared.has(pid)) continue;
    const env = environmentOf(pid);
    const mark = env?.get("KC_ATTEMPT");
    if (mark === undefined || !mark.startsWith(`${homeId}/`)) continue;
    if (supervisorLives(env?.get("KC_SUPERVISOR"))) continue;
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
function supervisorLives(mark: string | undefined): boolean {
  const [pid, started] = (mark ?? "").split(":");
  return pid !== undefined && pid !== "" && startedAt(Number(pid)) === started;
}

/** Its environment as it was started with, or null when it is not ours to read. */
function environmentOf(pid: number): Map<string, string> | null {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return null;
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .filter((entry) => entry.startsWith("KC_"))
      .map((entry): [string, string] => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), entry.slice(at + 1)];
      });
    return new Map(entries);
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
