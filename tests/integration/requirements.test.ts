import { expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { kc, repository, type Shown, type Summary } from "../support/kc.ts";
import { workspace } from "../support/workspace.ts";

const recording = join(repository, "examples/recordings/welcome.mp3");

test("without a speech engine the recording fails at once with how to get one, and the document completes", async () => {
  await using space = await workspace();
  await space.file(
    "in/note.md",
    "# Note\n\nA note about owls. Owls hunt at night. They are silent.\n",
  );
  copyFileSync(recording, space.at("in", "welcome.mp3"));
  const result = await kc(space, ["run", "in", "--out", "out", "--json"], {
    env: { PATH: space.at("nothing") },
  });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain("audio needs a speech engine");
  expect(result.json<Summary>().items).toMatchObject({ completed: 1, failed: 1 });
  const { steps } = (
    await kc(space, ["show", "last", "--json", "--state", "failed"])
  ).json<Shown>();
  expect(steps[0]).toMatchObject({
    item: "welcome.mp3",
    stage: "audio",
    error: { code: "requirement_missing" },
  });
  expect(steps[0]?.error?.message).toContain("pocketsphinx");
  expect(steps[0]?.error?.message).toContain("kc retry");
});

const engine = existsSync("/usr/bin/pocketsphinx_continuous");

test.skipIf(!engine)(
  "a recording becomes a transcript, a summary and a part of the maps (needs pocketsphinx)",
  async () => {
    await using space = await workspace();
    mkdirSync(space.at("in"));
    copyFileSync(recording, space.at("in", "welcome.mp3"));
    const result = await kc(space, ["run", "in", "--out", "out", "--json"]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    const { steps } = (await kc(space, ["show", "last", "--json"])).json<Shown>();
    expect(steps.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      "audio completed",
      "summarize completed",
      "moc completed",
    ]);
    const transcript = await Bun.file(space.at("out", "welcome_transcript.md")).text();
    expect(transcript).toMatch(/\*\*00:0\d\*\* .*(supervisor|worker|finished)/);
  },
);
