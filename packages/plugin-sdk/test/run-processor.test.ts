/** Behaviour of `runProcessor`: real files, the host's rules for outputs, resume from a checkpoint. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import {
  defineProcessor,
  type MapProcessor,
  PermanentError,
  type PlainData,
} from "../src/index.ts";
import { runProcessor } from "../src/testing/index.ts";

let folder: string;
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kc-test-"));
  source = join(folder, "talk.txt");
  await Bun.write(source, "one\ntwo\nthree\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const base = {
  name: "sample",
  version: "1.0.0",
  sdk: 1,
  kind: "map",
  accepts: { extensions: [".txt"] },
  produces: ["copy"],
  options: z.object({ suffix: z.string().default("_copy") }),
} as const;

const copy = defineProcessor({
  ...base,
  env: ["SAMPLE_KEY"],
  async process({ source }, ctx) {
    ctx.log.info(`copying ${source.name}`);
    ctx.progress(0.5, "half");
    await Bun.write(join(ctx.tempDir, "scratch"), "x");
    const text = await Bun.file(source.path).text();
    const path = ctx.output("copy", `${source.stem}${ctx.options.suffix}.txt`);
    await Bun.write(path, text + (ctx.env["SAMPLE_KEY"] ?? ""));
    return { meta: { bytes: source.bytes, type: source.mimeType } };
  },
});

const lines = defineProcessor({
  ...base,
  async process({ source }, ctx) {
    const all = (await Bun.file(source.path).text()).trim().split("\n");
    const done = (await ctx.checkpoint.load<string>())?.parts ?? [];
    for (const line of all.slice(done.length)) {
      ctx.log.info(`line ${line}`);
      done.push(line.toUpperCase());
      await ctx.checkpoint.append(line.toUpperCase());
    }
    await Bun.write(ctx.output("copy", "lines.txt"), done.join(" "));
  },
});

/** A map processor that does only this. */
const doing = (process: MapProcessor<typeof base.options>["process"]) =>
  defineProcessor({ ...base, process });

describe("a run", () => {
  test("hands back outputs, meta, logs and progress, and removes its files when disposed", async () => {
    let path: string;
    {
      await using run = await runProcessor(copy, { source, env: { SAMPLE_KEY: "!" } });
      expect(run).toMatchObject({ ok: true, error: undefined, checkpoint: null });
      expect(run.outputs.map((o) => [o.role, o.fileName])).toEqual([["copy", "talk_copy.txt"]]);
      expect(await run.outputs[0]!.text()).toBe("one\ntwo\nthree\n!");
      expect(run.meta).toEqual({ bytes: 14, type: "text/plain" });
      expect(run.logs).toEqual([{ level: "info", message: "copying talk.txt" }]);
      expect(run.progress).toEqual([{ fraction: 0.5, message: "half" }]);
      path = run.outputs[0]!.path;
    }
    expect(existsSync(path)).toBe(false);
  });

  test("keeps the error a processor throws, as it was thrown", async () => {
    const thrown = new PermanentError("not a talk");
    await using run = await runProcessor(
      doing(() => Promise.reject(thrown)),
      { source },
    );
    expect(run.ok).toBe(false);
    expect(run.error).toBe(thrown);
  });

  test("refuses options that the schema refuses, and variables the processor does not name", async () => {
    const message = (run: Promise<unknown>) => run.then(String, String);
    const options = { suffix: 7 as never };
    expect(await message(runProcessor(copy, { source, options }))).toContain("suffix");
    expect(await message(runProcessor(copy, { source, env: { HOME: "/" } }))).toContain("HOME");
  });

  test("gives up on a processor that ignores the abort", async () => {
    const signal = AbortSignal.abort();
    const never = doing(() => new Promise(() => {}));
    await using run = await runProcessor(never, { source, signal, abortGraceMs: 20 });
    expect(run.error).toMatchObject({ code: "abort_ignored" });
  });
});

describe("an output", () => {
  test.each(["", " ", ".", "..", "../x", "a/b", "a\\b", "a\nb", "a\0b", "x".repeat(256)])(
    "named %j is refused",
    async (name) => {
      await using run = await runProcessor(
        doing((_input, ctx) => void ctx.output("copy", name)),
        { source },
      );
      expect(run.error).toBeInstanceOf(TypeError);
      expect(run.error?.message).toContain(`sample: output file name ${JSON.stringify(name)}`);
    },
  );

  test("of a role the processor does not produce is refused", async () => {
    const wrong = doing((_input, ctx) => void ctx.output("summary", "a.txt"));
    await using run = await runProcessor(wrong, { source });
    expect(run.error?.message).toContain('output role "summary" is not among its "produces": copy');
  });

  test("that was announced and never written is an error", async () => {
    const empty = doing((_input, ctx) => void ctx.output("copy", "a.txt"));
    await using run = await runProcessor(empty, { source });
    expect(run.error?.message).toContain('output "a.txt" was announced but never written');
  });

  test("that is a link is an error", async () => {
    const link = doing(async (_input, ctx) => {
      const path = ctx.output("copy", "a.txt");
      await Bun.write(path, "");
      await unlink(path);
      await symlink("/etc/hostname", path);
    });
    await using run = await runProcessor(link, { source });
    expect(run.error?.message).toContain("is a link");
  });
});

describe("meta", () => {
  const cyclic: Record<string, PlainData> = {};
  cyclic["self"] = cyclic;
  test.each([
    ["a date", { at: new Date(0) as never }, "meta.at is not plain data but Date"],
    ["NaN", { list: [1, Number.NaN] }, "meta.list[1] is not plain data but NaN"],
    ["a cycle", cyclic, "meta.self is not plain data but a cycle"],
    ["two mebibytes", { big: "x".repeat(2 * 1024 * 1024) }, "write large results to an output"],
  ])("with %s is refused", async (_what, meta, message) => {
    await using run = await runProcessor(
      doing(() => ({ meta })),
      { source },
    );
    expect(run.error?.message).toContain(message);
  });
});

describe("a checkpoint", () => {
  test("stops the run after n writes, and the next run goes on from there to the same bytes", async () => {
    await using whole = await runProcessor(lines, { source });
    await using first = await runProcessor(lines, { source, stopAfterCheckpoints: 2 });
    expect(first).toMatchObject({ ok: false, error: { name: "AbortError" } });
    expect(first.checkpoint).toEqual({ value: null, parts: ["ONE", "TWO"] });

    await using second = await runProcessor(lines, { source, checkpoint: first.checkpoint });
    expect(second.logs.map((l) => l.message)).toEqual(["line three"]);
    expect(await second.outputs[0]!.text()).toBe(await whole.outputs[0]!.text());
  });
});

describe("a gather processor", () => {
  test("streams its items as often as it likes", async () => {
    const gather = defineProcessor({
      ...base,
      kind: "gather",
      async process(input, ctx) {
        const seen: string[] = [];
        for (let pass = 0; pass < 2; pass++) {
          for await (const item of input.items()) {
            seen.push(`${item.source.relativePath}:${item.artifacts.map((a) => a.role).join()}`);
          }
        }
        await Bun.write(ctx.output("copy", "index.txt"), `${input.count} ${seen.join(" ")}`);
      },
    });
    const item = {
      source,
      relativePath: "a/talk.txt",
      artifacts: [{ role: "copy", path: source }],
    };
    await using run = await runProcessor(gather, { items: [item, { source }] });
    const text = "2 a/talk.txt:copy talk.txt: a/talk.txt:copy talk.txt:";
    expect(await run.outputs[0]!.text()).toBe(text);
  });
});
