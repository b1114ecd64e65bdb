/**
 * The account of models over all workers: who may load, who has to let go of what. Pure.
 *
 * A model counts from the moment its load is allowed until its worker says that it is gone, so the limits hold at every moment. The
 * least recently used idle ones go first; one in use by a step never. Who asks waits in line. Nobody waits for ever: when every
 * step that uses a model waits for another one itself (or none is in use at all), nothing else can make room, and the first of
 * those is allowed over the limits, after everything idle has gone. So a model larger than the limit loads when it is the only one, and a
 * step that needs more models than are allowed gets them.
 */

export interface ModelLimits {
  /** `model_cache_limit_gb`, in bytes. */
  readonly maxBytes: number;
  /** `max_concurrent_models`. */
  readonly maxModels: number;
}

export interface HeldModel {
  readonly worker: number;
  readonly key: string;
  readonly bytes: number;
  /** The attempt that uses it, 0 for the worker's setup; null: idle. */
  readonly usedBy: number | null;
  /** Higher is more recent. */
  readonly usedAt: number;
  /** Its worker was told to let go of it. */
  readonly leaving: boolean;
}

/** A wish to load. */
export interface ModelAsk {
  readonly worker: number;
  readonly key: string;
  readonly bytes: number;
  readonly attempt: number;
}

export interface ModelAccount {
  readonly limits: ModelLimits;
  readonly held: readonly HeldModel[];
  /** In line, oldest first. */
  readonly asks: readonly ModelAsk[];
  readonly turn: number;
}

/** What follows from a change: loads that are allowed now, and models that their workers are to let go of. */
export interface Settled {
  readonly account: ModelAccount;
  readonly granted: readonly ModelAsk[];
  readonly evict: readonly HeldModel[];
}

export function emptyAccount(limits: ModelLimits): ModelAccount {
  return { limits, held: [], asks: [], turn: 0 };
}

export function askForModel(account: ModelAccount, ask: ModelAsk): Settled {
  return settle({ ...account, asks: [...account.asks, ask] });
}

/** A step asked for a model that its worker has. */
export function useModel(
  account: ModelAccount,
  { worker, key, attempt }: Omit<ModelAsk, "bytes">,
): Settled {
  const turn = account.turn + 1;
  const held = account.held.map((model) =>
    isModel(model, worker, key) ? { ...model, usedBy: attempt, usedAt: turn } : model,
  );
  return settle({ ...account, held, turn });
}

/** A step, or the setup, is over: what it used is idle, and was used now. */
export function endUse(account: ModelAccount, worker: number, attempt: number): Settled {
  const turn = account.turn + 1;
  const held = account.held.map((model) =>
    model.worker === worker && model.usedBy === attempt
      ? { ...model, usedBy: null, usedAt: turn }
      : model,
  );
  const asks = account.asks.filter((ask) => ask.worker !== worker || ask.attempt !== attempt);
  return settle({ ...account, held, asks, turn });
}

/** A worker let go of a model, or failed to load it. */
export function dropModel(account: ModelAccount, worker: number, key: string): Settled {
  const mine = account.held.filter((model) => isModel(model, worker, key));
  // It may be loaded again before we hear that it went: the one that was to leave is the one that left.
  const gone =
    mine.find((model) => model.leaving) ?? mine.find(({ usedBy }) => usedBy === null) ?? mine[0];
  return settle({ ...account, held: account.held.filter((model) => model !== gone) });
}

/** A worker kept a model that it was told to let go of: a step had begun to use it. */
export function keepModel(
  account: ModelAccount,
  { worker, key, attempt }: Omit<ModelAsk, "bytes">,
): Settled {
  const held = account.held.map((model) =>
    isModel(model, worker, key) && model.leaving
      ? { ...model, leaving: false, usedBy: attempt }
      : model,
  );
  return settle({ ...account, held });
}

/** A worker is gone, with all that it held and asked for. */
export function forgetWorker(account: ModelAccount, worker: number): Settled {
  return settle({
    ...account,
    held: account.held.filter((model) => model.worker !== worker),
    asks: account.asks.filter((ask) => ask.worker !== worker),
  });
}

/** The line is served in its order. */
function settle(account: ModelAccount): Settled {
  let now = account;
  const granted: ModelAsk[] = [];
  for (let head = now.asks[0]; head !== undefined; head = now.asks[0]) {
    if (fits(now.limits, now.held, head)) {
      now = grant(now, head);
      granted.push(head);
      continue;
    }
    const stuck = isStuck(now);
    const evict = victims(now, head, stuck);
    if (evict.length > 0) return { account: tellToLeave(now, evict), granted, evict };
    if (!stuck || now.held.some((model) => model.leaving)) break;
    const first = now.asks.find((ask) => usesModels(now, ask.worker)) ?? head;
    now = grant(now, first);
    granted.push(first);
  }
  return { account: now, granted, evict: [] };
}

/** Idle models to let go of: as few as make room; none while even all would not, unless nothing else can happen. */
function victims({ limits, held }: ModelAccount, ask: ModelAsk, stuck: boolean): HeldModel[] {
  let left = held.filter((model) => !model.leaving);
  if (fits(limits, left, ask)) return [];
  const idle = left
    .filter((model) => model.usedBy === null)
    .toSorted((a, b) => a.usedAt - b.usedAt);
  const chosen: HeldModel[] = [];
  for (const model of idle) {
    if (fits(limits, left, ask)) return chosen;
    left = left.filter((each) => each !== model);
    chosen.push(model);
  }
  return fits(limits, left, ask) || stuck ? chosen : [];
}

/** Nobody who uses a model can come to an end without another one. */
function isStuck({ held, asks }: ModelAccount): boolean {
  return held.every(
    ({ usedBy, worker }) => usedBy === null || asks.some((ask) => ask.worker === worker),
  );
}

function fits(limits: ModelLimits, held: readonly HeldModel[], ask: ModelAsk): boolean {
  const bytes = held.reduce((sum, model) => sum + model.bytes, ask.bytes);
  return held.length + 1 <= limits.maxModels && bytes <= limits.maxBytes;
}

function grant(account: ModelAccount, ask: ModelAsk): ModelAccount {
  const turn = account.turn + 1;
  const { worker, key, bytes, attempt } = ask;
  const model = { worker, key, bytes, usedBy: attempt, usedAt: turn, leaving: false };
  return {
    ...account,
    held: [...account.held, model],
    asks: account.asks.filter((each) => each !== ask),
    turn,
  };
}

function tellToLeave(account: ModelAccount, evict: readonly HeldModel[]): ModelAccount {
  const held = account.held.map((model) =>
    evict.includes(model) ? { ...model, leaving: true } : model,
  );
  return { ...account, held };
}

function usesModels({ held }: ModelAccount, worker: number): boolean {
  return held.some((model) => model.worker === worker && model.usedBy !== null);
}

function isModel(model: HeldModel, worker: number, key: string): boolean {
  return model.worker === worker && model.key === key;
}
