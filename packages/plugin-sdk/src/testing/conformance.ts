/** The suite every processor passes: `processorConformance` in a test file of its package. Runs under `bun test` only. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { z } from "zod";
import type { Processor } from "../processor.ts";
import { damagedCopies } from "./damaged-copies.ts";
import { definitionFaults } from "./definition-faults.ts";
import { elsewhere } from "./elsewhere.ts";
import { fingerprint, sha256 } from "./fingerprint.ts";
import { abortFault, errorKind } from "./judge-run.ts";
import { loadProcessor } from "./load-processor.ts";
import { runProcessor, type RunOptions } from "./run-processor.ts";
import { mapInput } from "./test-input.ts";

/** What the suite runs the processor on. */
export interface Conformance<Schema extends z.ZodType = z.ZodType> {
  /** The definition, or the path or `file:` URL of a module whose default export it is. */
  readonly processor: Processor<Schema> | string | URL;
  /** An input it makes outputs of: `source` and `artifacts`, or `items` for a gather processor. */
  readonly sampleInput: SampleInput;
  /** An input it must refuse with a typed error. Left out: every input has an output (a word count, say). */
  readonly unreadableInput?: SampleInput;
  readonly options?: z.input<Schema>;
  readonly env?: Readonly<Record<string, string>>;
  /** Why the sample cannot be run here, e.g. `needs ffmpeg`; those tests are then skipped by name. */
  readonly skip?: string | undefined;
  /** Limit of one run in ms; default 20,000. */
  readonly limitMs?: number;
}

export type SampleInput = Pick<
  RunOptions,
  "source" | "relativePath" | "mimeType" | "artifacts" | "items"
>;

/** Registers the suite under `name`. */
export function processorConformance<Schema extends z.ZodType>(
  name: string,
  given: Conformance<Schema>,
): void {
  const { sampleInput, unreadableInput, skip, limitMs = 20_000 } = given;
  const title = (sentence: string) => (skip === undefined ? sentence : `${sentence} (${skip})`);
  const sampleTest = (sentence: string, body: () => Promise<void>) =>
    test.skipIf(skip !== undefined)(title(sentence), body, limitMs * 8);

  let processor: Processor<Schema>;
  let folder: string;
  let untouched: string[];

  const run = (input: SampleInput, more: Partial<RunOptions<Schema>> = {}) => {
    const { options, env } = given;
    const base = { ...input, ...(options === undefined ? {} : { options }), env: env ?? {} };
    return withinLimit(
      runProcessor(processor, { ...base, ...more } as RunOptions<Schema>),
      limitMs,
    );
  };
  const sampleResult = async (more?: Partial<RunOptions<Schema>>) => {
    await using result = await run(sampleInput, more);
    return await fingerprint(result);
  };

  describe(`${name} keeps the contract:`, () => {
    beforeAll(async () => {
      processor = await loadProcessor(given.processor);
      folder = await mkdtemp(join(tmpdir(), "kc-conformance-"));
      // Before the first run: what that one leaves behind, a later one would find unchanged.
      untouched = skip === undefined ? await inputState(sampleInput) : [];
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test("its definition is well formed and every option has a default and a description", () => {
      expect(definitionFaults(processor)).toEqual([]);
    });

    test("it says what it needs, and how to get what is missing", async () => {
      const options = processor.options.parse(given.options ?? {}) as z.output<Schema>;
      const needs = (await processor.requirements?.(options, { env: given.env ?? {} })) ?? [];
      for (const { name, met, detail, howToGet } of needs) {
        expect({ name, met, detail, howToGet }).toEqual({
          name: expect.stringMatching(/\S/),
          met: expect.any(Boolean),
          detail: expect.stringMatching(/\S/),
          howToGet: expect.stringMatching(/\S/),
        });
      }
    });

    test("it estimates the memory of a step as a positive number, if it estimates", async () => {
      if (processor.kind !== "map" || sampleInput.source === undefined) return;
      const options = processor.options.parse(given.options ?? {}) as z.output<Schema>;
      const { source } = await mapInput({ ...sampleInput, source: sampleInput.source });
      const estimate = await processor.estimate?.(source, options);
      expect(estimate?.memoryBytes ?? 1).toBeGreaterThan(0);
      expect(estimate?.memoryBytes ?? 1).toBeLessThan(Infinity);
    });

    sampleTest("the sample ends well, with progress between 0 and 1", async () => {
      await using result = await run(sampleInput);
      expect(result.error).toBeUndefined();
      const wrong = result.progress.filter(({ fraction }) => !(fraction >= 0 && fraction <= 1));
      expect(wrong).toEqual([]);
    });

    sampleTest("the same input gives the same bytes", async () => {
      expect(await sampleResult()).toEqual(await sampleResult());
    });

    sampleTest("so it does at another time, in another time zone and locale", async () => {
      expect(await elsewhere(() => sampleResult())).toEqual(await sampleResult());
    });

    sampleTest("it goes on from each of its checkpoints to the same bytes", async () => {
      const whole = await sampleResult();
      // 1, 2, 4, 8 ... writes: until the run is over before it is stopped.
      for (let writes = 1; ; writes *= 2) {
        await using cut = await run(sampleInput, { stopAfterCheckpoints: writes });
        if (cut.ok) return;
        expect(cut.checkpoint).not.toBeNull();
        expect(await sampleResult({ checkpoint: cut.checkpoint })).toEqual(whole);
      }
    });

    sampleTest("it stops within a second of an abort and blames nothing on the input", async () => {
      const { ms } = await timed(() => sampleResult());
      const before = () => AbortSignal.abort();
      const after = (delay: number) => () => AbortSignal.timeout(Math.ceil(delay));
      for (const signal of [before, after(1), after(ms / 2)]) {
        await using result = await run(sampleInput, { signal: signal() });
        expect(abortFault(result)).toBeNull();
      }
    });

    sampleTest("it writes nothing but its outputs, and leaves its input as it was", async () => {
      await sampleResult();
      expect(await inputState(sampleInput)).toEqual(untouched);
    });

    sampleTest("a damaged source ends in outputs or a typed error", async () => {
      if (sampleInput.source === undefined) return;
      for (const { damage, path } of await damagedCopies(sampleInput.source, folder)) {
        await using result = await run({ ...sampleInput, source: path });
        if (!result.ok) expect([damage, errorKind(result.error)]).toEqual([damage, "typed"]);
      }
    });

    if (unreadableInput === undefined) return;
    sampleTest("an unreadable input is refused with a typed error", async () => {
      await using result = await run(unreadableInput);
      expect(errorKind(result.error)).toBe("typed");
    });
  });
}

/** Names in the folder of each source, and the hash of each file the processor may read. */
async function inputState(input: SampleInput): Promise<string[]> {
  const items = input.items ?? [{ source: input.source ?? "", artifacts: input.artifacts ?? [] }];
  const state: string[] = [];
  for (const { source, artifacts = [] } of items) {
    state.push(...(await readdir(dirname(source))).sort());
    for (const path of [source, ...artifacts.map((a) => a.path)]) {
      state.push(`${path} ${sha256(new Uint8Array(await Bun.file(path).arrayBuffer()))}`);
    }
  }
  return state;
}

async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no end within ${limitMs} ms`)), limitMs);
  return await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

async function timed(work: () => Promise<unknown>): Promise<{ ms: number }> {
  const start = performance.now();
  await work();
  return { ms: performance.now() - start };
}
