/** `kc watch`: files are submitted once they are whole, each version once, whoever dies in between. */
import { afterEach, expect, test } from "bun:test";
import { appendFileSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { fixture, kc, startKc, type KcProcess } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const running: KcProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill("SIGKILL");
    await child.exited;
  }
});

test.each([
  ["that comes while it watches", true],
  ["that was there when it began", false],
])("a file %s is submitted when it has stopped growing, not before", async (_which, later) => {
  await using space = await started();
  const path = space.at("drop/long.txt");
  const watching = async () => {
    const child = startWatch(space, "1.5");
    await heard(child, "watching");
  };
  if (later) await watching();
  appendFileSync(path, "first ");
  let parts = 0;
  const growing = setInterval(() => appendFileSync(path, `part ${(parts += 1)} `), 50);
  try {
    if (!later) await watching();
    // It grows for longer than a file has to be quiet.
    const from = parts;
    await until("it grew for long", () => parts >= from + 60);
    expect(await items(space)).toBe(0);
  } finally {
    clearInterval(growing);
  }
  await until("the whole file is done", async () => (await items(space)) === 1);
  expect(await Bun.file(space.at("out/long_copy.txt")).text()).toEndWith(`PART ${parts} `);
});

test("each version of a file is done once, also when the watch is killed and started again", async () => {
  await using space = await started();
  await writeFile(space.at("drop/old.txt"), "there before");
  const first = startWatch(space);
  await until("what was there is done", async () => (await items(space)) === 1);
  first.kill("SIGKILL");
  await first.exited;

  await writeFile(space.at("drop/new.txt"), "came while nobody watched");
  startWatch(space);
  await until("the new one is done", async () => (await items(space)) === 2);
  await appendFile(space.at("drop/old.txt"), ", and more");
  await until("the changed one is done again", async () => (await items(space)) === 3);

  expect(await Bun.file(space.at("out/old_copy.txt")).text()).toBe("THERE BEFORE, AND MORE");
  const jobs = (await kc(space, ["jobs"], {})).stdout
    .split("\n")
    .filter((line) => line.includes("completed"));
  expect(jobs).toHaveLength(3);
});

test("what is no folder is refused by name", async () => {
  await using space = await workspace();
  const { code, stderr } = await kc(space, ["watch", "nowhere"]);
  expect(code).toBe(2);
  expect(stderr).toContain("nowhere is not a folder");
});

/** A workspace with a drop folder and a supervisor of its own. */
async function started(): Promise<Workspace> {
  const space = await workspace();
  await mkdir(space.at("drop"), { recursive: true });
  running.push(startKc(space, ["serve"]));
  await until("the server answers", async () =>
    (await kc(space, ["submit", "x"])).stderr.includes("x"),
  );
  return space;
}

function startWatch(space: Workspace, settle = "0.5"): KcProcess {
  const args = ["watch", "drop", "--settle", settle, "--out", "out", "--pipeline", fixture("copy")];
  const child = startKc(space, args);
  running.push(child);
  return child;
}

/** Items completed in all jobs of the home. */
async function items(space: Workspace): Promise<number> {
  const jobs = JSON.parse((await kc(space, ["jobs", "--json"])).stdout) as {
    items: { completed: number };
  }[];
  return jobs.reduce((sum, { items: { completed } }) => sum + completed, 0);
}

/** Waits until it has said a word on stderr, and reads on so that it never waits for its reader. */
async function heard(child: KcProcess, word: string): Promise<void> {
  let said = "";
  void (async () => {
    for await (const chunk of child.stderr) said += new TextDecoder().decode(chunk);
  })();
  await until(`it says ${word}`, () => said.includes(word));
}
