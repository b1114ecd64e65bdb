/** Runs work as if on another machine: other clock, time zone and locale. Changes this process while it runs. For tests. */

const DAYS = 24 * 60 * 60 * 1000;

/** Far from any machine's own: UTC+14, a locale with its own dotless i, and a clock 400 days ahead. */
const OTHER = { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
const AHEAD_MS = 400 * DAYS;

/** Resolves to what `work` resolves to; everything is put back, also when it rejects. Never run two at a time. */
export async function elsewhere<T>(work: () => Promise<T>): Promise<T> {
  const before = Object.keys(OTHER).map((name) => [name, process.env[name]] as const);
  const RealDate = globalThis.Date;
  Object.assign(process.env, OTHER);
  globalThis.Date = aheadOf(RealDate, AHEAD_MS);
  try {
    return await work();
  } finally {
    globalThis.Date = RealDate;
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** A proxy, not a subclass: dates made by either are `instanceof` both. */
function aheadOf(RealDate: DateConstructor, ms: number): DateConstructor {
  const now = () => RealDate.now() + ms;
  return new Proxy(RealDate, {
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  });
}
