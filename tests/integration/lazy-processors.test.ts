/** A worker pays only for its own stage: what is heavy is loaded by the first step that needs it. */
import { expect, test } from "bun:test";
import { repository } from "../support/kc.ts";

/** Libraries that take tens of megabytes or bring native code. */
const HEAVY =
  /wink|compromise|hclust|unpdf|pdfjs|linkedom|htmlparser2|jszip|mammoth|mpg123|wasm-audio|ogg-opus|fvad|whisper|llama|\/ai\/|ai-sdk|stopword|subsrt/;

test.each(["audio", "summarize", "moc"])("importing %s loads nothing heavy", async (name) => {
  const path = `${repository}/packages/processor-${name}/src/index.ts`;
  const script = `
    await import(${JSON.stringify(path)});
    console.log(JSON.stringify(Object.keys(require.cache)));
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  const loaded = JSON.parse(await child.stdout.text()) as string[];
  expect(loaded).toContain(path);
  expect(loaded.filter((module) => HEAVY.test(module.replace(repository, "")))).toEqual([]);
});
