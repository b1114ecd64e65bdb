/** `kc models` from outside: what it lists, where models lie, and that a wrong mirror or no network ends in clear words. */
import { expect, test } from "bun:test";
import { kc } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

test("nothing is there at first, and the list says what can be had", async () => {
  await using space = await workspace();
  const list = await kc(space, ["models", "list", "--json"]);
  expect(list.code).toBe(0);
  const models = list.json<{ name: string; bytes: number; installed: boolean }[]>();
  expect(models.find(({ name }) => name === "base")).toMatchObject({
    bytes: 147_951_465,
    installed: false,
  });
  const path = await kc(space, ["models", "path"]);
  expect([path.code, path.stdout]).toEqual([1, `${space.home}/models\n`]);
});

test("a damaged model is found out, and can be removed", async () => {
  await using space = await workspace();
  await space.file("home/models/ggml-tiny.bin", "half");
  await space.file("home/models/ggml-tiny.bin.part", "hal");
  const verify = await kc(space, ["models", "verify"]);
  expect(verify.code).toBe(1);
  expect(verify.stdout).toBe(
    "tiny: damaged: it has 4 bytes and should have 77691713; kc models remove tiny, then pull it again\n",
  );
  expect((await kc(space, ["models", "remove", "tiny"])).code).toBe(0);
  const again = await kc(space, ["models", "remove", "tiny"]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('there is no model "tiny"');
});

test("a mirror with another file is refused, a name that is none gets a suggestion", async () => {
  await using space = await workspace();
  const asked: string[] = [];
  await using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      asked.push(new URL(request.url).pathname);
      return new Response("something else");
    },
  });
  const env = { KC_MODELS_MIRROR: `http://127.0.0.1:${server.port}/whisper` };
  const pull = await kc(space, ["models", "pull", "tiny"], { env });
  expect(pull.code).toBe(1);
  expect(pull.stderr).toContain("has 14 bytes, and the model tiny has 77691713");
  expect(asked).toEqual(["/whisper/ggml-tiny.bin"]);

  const typo = await kc(space, ["models", "pull", "tyni", "--mirror", env.KC_MODELS_MIRROR]);
  expect(typo.code).toBe(2);
  expect(typo.stderr).toContain('Did you mean "tiny"?');
  const outside = await kc(space, ["models", "remove", "../../etc"]);
  expect(outside.code).toBe(2);
});

test("without a network it says so at once, and how to do without", async () => {
  await using space = await workspace();
  const pull = await kc(space, [
    "models",
    "pull",
    "tiny",
    "--mirror",
    "http://127.0.0.1:9",
    "--json",
  ]);
  expect(pull.code).toBe(1);
  expect(pull.json()).toMatchObject({ type: "error", code: "offline" });
  expect(pull.stderr).toContain("copy the file into the models folder");
});
