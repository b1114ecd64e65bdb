/** What steps cost in memory: what their processor estimates, asked of an inspector in batches, and what workers were seen to take. Host, I/O. */
import type { Claim } from "../ledger/port.ts";
import { nextSurplus, priceOf } from "../schedule/admission.ts";
import { inspectProcessor, type Inspector } from "../supervisor/inspect.ts";
import type { Engine } from "./engine.ts";
import type { LiveJob } from "./live-job.ts";
import { sourceOf } from "./order.ts";

export interface Prices {
  /** The most that one of these steps is estimated to take; null: its processor does not say. */
  estimate(live: LiveJob, stage: number, claims: readonly Claim[]): Promise<number | null>;
  /** What a step of this kind costs. */
  of(tradeKey: string, estimate: number | null): number | null;
  /** A worker of this kind took so much at its peak. */
  observe(tradeKey: string, peakBytes: number, estimate: number | null): void;
  close(): Promise<void>;
}

/** An inspector that nobody asks is let go of after this long. */
const IDLE_MS = 10_000;
/** For the answer to one batch. */
const ANSWER_MS = 10_000;

export function createPrices(engine: () => Engine): Prices {
  const surplus = new Map<string, number>();
  const asked = new Map<string, { inspector: Promise<Inspector>; idle: Timer }>();
  /** Modules whose estimate fails: not asked again, their steps cost what they were seen to take. */
  const silent = new Set<string>();

  const inspectorOf = (url: string): Promise<Inspector> => {
    const known = asked.get(url);
    const { places, note } = engine();
    const { homeId, tempRoot: tempDir } = places;
    const inspector =
      known?.inspector ?? inspectProcessor({ url, homeId, tempDir, timeoutMs: ANSWER_MS });
    clearTimeout(known?.idle);
    const idle = setTimeout(() => void letGo(url), IDLE_MS);
    idle.unref();
    asked.set(url, { inspector, idle });
    if (known === undefined) {
      inspector.catch((error: unknown) => {
        silent.add(url);
        note("warn", `what steps will take is not known: ${String(error)}`);
      });
    }
    return inspector;
  };

  const letGo = async (url: string): Promise<void> => {
    const known = asked.get(url);
    asked.delete(url);
    clearTimeout(known?.idle);
    await known?.inspector.then((inspector) => inspector.close()).catch(() => {});
  };

  return {
    async estimate(live, stage, claims) {
      const at = live.job.stages[stage];
      const sources = claims.flatMap(({ item }) => (item === null ? [] : [sourceOf(item)]));
      if (at?.processor.estimates !== true || sources.length === 0) return null;
      const { url } = at.processor;
      if (silent.has(url)) return null;
      try {
        const inspector = await inspectorOf(url);
        const bytes = await inspector.estimate(at.options, sources);
        return bytes === null ? null : Math.max(...bytes);
      } catch {
        silent.add(url);
        await letGo(url);
        return null;
      }
    },
    of: (tradeKey, estimate) => priceOf(estimate, surplus.get(tradeKey) ?? null),
    observe(tradeKey, peakBytes, estimate) {
      if (peakBytes === 0) return;
      const before = surplus.get(tradeKey) ?? null;
      surplus.set(tradeKey, nextSurplus(before, peakBytes, estimate));
    },
    close: async () => void (await Promise.all([...asked.keys()].map(letGo))),
  };
}

type Timer = ReturnType<typeof setTimeout>;
