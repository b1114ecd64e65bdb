/** How short memory is, from what is in use, in swap and waited for: five levels, each left later than it was reached. Pure. */

export const memoryLevels = ["normal", "caution", "hold", "reclaim", "kill"] as const;
/**
 * `caution`: take less on. `hold`: start nothing beside what runs, but always let one worker go on. `reclaim`: let go of idle models and
 * workers as well. `kill`: stop the youngest step, one at a time.
 */
export type MemoryLevel = (typeof memoryLevels)[number];

/** One look at the machine; shares are from 0 to 1, null where the system does not tell. */
export interface MemoryFigures {
  /** Of what we may use, the tightest of our control groups and the machine. */
  readonly used: number;
  readonly swapUsed: number | null;
  /** Of the last 10 s, in which some task waited for memory. */
  readonly someStalled: number | null;
  /** The same for all tasks at once. */
  readonly fullStalled: number | null;
}

/** Shares at which a level begins. */
export interface LevelLimits {
  readonly caution: number;
  readonly hold: number;
  readonly reclaim: number;
  readonly kill: number;
  readonly swap: number;
}

/** Where each sign stands, and what they come to. */
export interface LevelState {
  readonly level: MemoryLevel;
  /** Why it is above normal, a sentence without a full stop. */
  readonly reason: string | null;
  readonly byUse: MemoryLevel;
  readonly byStalls: MemoryLevel;
  readonly swapping: boolean;
}

export const calm: LevelState = {
  level: "normal",
  reason: null,
  byUse: "normal",
  byStalls: "normal",
  swapping: false,
};

/** A level is left this much below where it begins. */
const MARGIN = 0.05;
/** Stalls tell of pressure that no count of bytes shows; they are left at half. The share that systemd-oomd kills at is 0.6. */
const STALLS = { caution: 0.1, hold: 0.1, reclaim: 0.3 } as const;

/** Limits from `memory_pressure_threshold` and `swap_pressure_threshold`, in percent. */
export function levelLimits(pressurePercent: number, swapPercent: number): LevelLimits {
  const hold = pressurePercent / 100;
  return {
    caution: Math.min(0.75, Math.max(0, hold - MARGIN)),
    hold,
    reclaim: Math.max(0.9, hold),
    kill: Math.max(0.95, hold),
    swap: swapPercent / 100,
  };
}

/**
 * What is in use decides; full swap makes that one level worse, at most `reclaim`; stalls reach `reclaim` by themselves. Only memory that is
 * really gone may cost a step its worker.
 */
export function decideLevel(
  before: LevelState,
  figures: MemoryFigures,
  limits: LevelLimits,
): LevelState {
  const byUse = reached(before.byUse, (level) => [figures.used, limits[level], MARGIN]);
  const byStalls = reached(before.byStalls, (level) => {
    if (level === "kill") return null;
    const share = level === "caution" ? figures.someStalled : figures.fullStalled;
    return share === null ? null : [share, STALLS[level], STALLS[level] / 2];
  });
  const swapUsed = figures.swapUsed ?? 0;
  const swapping = swapUsed >= limits.swap - (before.swapping ? MARGIN : 0);
  const bySwap = swapping ? worseBySwap(byUse) : byUse;
  const level = isAtLeast(byStalls, bySwap) ? byStalls : bySwap;
  const reason = reasonOf(figures, { level, byUse, byStalls, swapping });
  return { level, reason, byUse, byStalls, swapping };
}

export function isAtLeast(level: MemoryLevel, other: MemoryLevel): boolean {
  return memoryLevels.indexOf(level) >= memoryLevels.indexOf(other);
}

/** Which of the workers has begun its step last, or null: with one at work there is nobody to take. */
export function youngest<W extends { readonly current: { readonly begunAt: number } | null }>(
  workers: readonly W[],
): W | null {
  const begun = workers.filter((worker) => worker.current !== null);
  if (begun.length < 2) return null;
  return begun.reduce((a, b) => ((b.current?.begunAt ?? 0) >= (a.current?.begunAt ?? 0) ? b : a));
}

type Reach = readonly [share: number, begins: number, margin: number];

/** The highest level whose beginning is reached, or that was reached and is not left yet. */
function reached(
  before: MemoryLevel,
  reachOf: (level: Exclude<MemoryLevel, "normal">) => Reach | null,
): MemoryLevel {
  let highest: MemoryLevel = "normal";
  for (const level of memoryLevels) {
    if (level === "normal") continue;
    const reach = reachOf(level);
    if (reach === null) continue;
    const [share, begins, margin] = reach;
    if (share >= (isAtLeast(before, level) ? begins - margin : begins)) highest = level;
  }
  return highest;
}

function worseBySwap(level: MemoryLevel): MemoryLevel {
  if (level === "kill") return level;
  const worse = memoryLevels[memoryLevels.indexOf(level) + 1] ?? "reclaim";
  return isAtLeast(worse, "reclaim") ? "reclaim" : worse;
}

function reasonOf(
  { used, swapUsed, someStalled, fullStalled }: MemoryFigures,
  { level, byUse, byStalls, swapping }: Omit<LevelState, "reason">,
): string | null {
  if (level === "normal") return null;
  const reasons: string[] = [];
  if (byUse !== "normal") reasons.push(`${percent(used)} of the memory is in use`);
  if (swapping) reasons.push(`${percent(swapUsed ?? 0)} of the swap is in use`);
  if (byStalls !== "normal") {
    const share = byStalls === "caution" ? someStalled : fullStalled;
    reasons.push(`programs waited for memory for ${percent(share ?? 0)} of the last 10 s`);
  }
  return reasons.join(", ");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
