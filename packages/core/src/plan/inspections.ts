/** What processors answered about themselves, kept while their package is unchanged: each question takes a process otherwise. Host, I/O (stat). */
import type { RequirementFacts } from "../model/processor-facts.ts";
import type { Inspector } from "../supervisor/inspect.ts";
import { canonical } from "./canonical.ts";
import { packageMark } from "./package-mark.ts";

export interface Inspections {
  /** One that answers what it answered before, and opens the real one only for the rest. */
  over(url: string, open: () => Promise<Inspector>): Promise<Inspector>;
}

/** What a machine has is believed that long; what it lacks is looked for each time, since people install what is asked for. */
const MET_MS = 60_000;
/** Different options of one processor, before all are forgotten. */
const MOST_ANSWERS = 200;

type Parsed = Awaited<ReturnType<Inspector["parseOptions"]>>;

interface Known {
  readonly mark: string;
  facts: Inspector["facts"] | null;
  readonly parsed: Map<string, Parsed>;
  readonly met: Map<string, { readonly answer: RequirementFacts[]; readonly until: number }>;
}

export function createInspections(now: () => number = () => performance.now()): Inspections {
  const known = new Map<string, Known>();

  const knownOf = (url: string, mark: string): Known => {
    const before = known.get(url);
    if (before?.mark === mark) return before;
    const fresh: Known = { mark, facts: null, parsed: new Map(), met: new Map() };
    known.set(url, fresh);
    return fresh;
  };

  return {
    async over(url, open) {
      const mark = await packageMark(url);
      if (mark === null) return open();
      const entry = knownOf(url, mark);
      const { parsed, met } = entry;
      let opened: Promise<Inspector> | null = null;
      const real = () => (opened ??= open());
      entry.facts ??= (await real()).facts;
      return {
        facts: entry.facts,
        async parseOptions(given) {
          const key = keyOf(given);
          const before = parsed.get(key);
          if (before !== undefined) return structuredClone(before);
          const answer = await (await real()).parseOptions(given);
          keep(parsed, key, structuredClone(answer));
          return answer;
        },
        async requirements(options, env) {
          const key = keyOf({ options, env });
          const before = met.get(key);
          if (before !== undefined && now() < before.until) return before.answer;
          const answer = await (await real()).requirements(options, env);
          met.delete(key);
          if (answer.every((one) => one.met || !one.required))
            keep(met, key, { answer, until: now() + MET_MS });
          return answer;
        },
        estimate: async (options, sources) => (await real()).estimate(options, sources),
        async close() {
          await (await opened?.catch(() => null))?.close();
        },
      };
    },
  };
}

function keep<T>(answers: Map<string, T>, key: string, answer: T): void {
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(key, answer);
}

/** Options and variables may hold secrets, and be long. */
function keyOf(value: unknown): string {
  return new Bun.CryptoHasher("sha256").update(canonical(value)).digest("hex");
}
