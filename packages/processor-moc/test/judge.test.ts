/** A language model, where one is configured, decides on doubtful names and finds contradictions; without one neither is done. */
import { expect, test } from "bun:test";
import { parse } from "yaml";
import { runProcessor } from "@knowledge-chipper/plugin-sdk/testing";
import moc from "../src/index.ts";
import { headings, mapsOf, textsOf, withNotes, type TestNote } from "./maps.ts";

const NOTES: TestNote[] = [
  {
    name: "a.md",
    source: "# A\n\nWe met Quorra Zelphine there. The Plimsoll Varneck was closed.\n",
    claims: 'claims: [{ statement: "Coffee harms deep sleep." }]',
  },
  {
    name: "b.md",
    source: "# B\n\nNothing here.\n",
    claims:
      'claims: [{ statement: "Coffee leaves deep sleep alone." }, { statement: "Tea is old." }]',
  },
];

interface Asked {
  readonly model: string;
  readonly messages: readonly { role: string; content: string }[];
}

/** A server that answers what `reply` says, and what it was asked. */
function modelServer(reply: (prompt: string, times: number) => object | string, status = 200) {
  const asked: Asked[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      asked.push((await request.json()) as Asked);
      const content = reply(asked.at(-1)?.messages[1]?.content ?? "", asked.length);
      if (status !== 200) return new Response("busy", { status, headers: { "retry-after": "7" } });
      return typeof content === "string"
        ? new Response(content, { headers: { "content-type": "text/html" } })
        : Response.json(content);
    },
  });
  return {
    asked,
    options: {
      provider: "openai-compatible" as const,
      base_url: `http://127.0.0.1:${server.port}/v1`,
      model: "m",
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const says = (content: string, finish_reason = "stop") => ({
  choices: [{ finish_reason, message: { content } }],
});

/** Takes everything that has "Zelphine" in it for a person, and the first pair for a contradiction. */
function sensible(prompt: string) {
  const lines = prompt.split("\n").filter((line) => /^\d+\. /.test(line));
  const wanted = prompt.startsWith("In which")
    ? lines.slice(0, 1)
    : lines.filter((line) => line.includes("Zelphine"));
  return says(JSON.stringify({ numbers: wanted.map((line) => Number.parseInt(line, 10)) }));
}

test("names that the evidence leaves open, and contradictions of claims on one subject", async () => {
  await using server = modelServer(sensible);
  await withNotes(NOTES, async (items) => {
    const plain = await mapsOf(items);
    expect(headings(plain["People.md"], 3)).not.toContain("Quorra Zelphine");
    expect(plain["claims.yaml"]).not.toContain("contradictions:\n");
    const maps = await mapsOf(items, { options: server.options });
    expect(headings(maps["People.md"], 3)).toContain("Quorra Zelphine");
    expect(headings(maps["People.md"], 3)).not.toContain("Plimsoll Varneck");
    const { claims } = parse(maps["claims.yaml"] ?? "") as {
      claims: { statement: string; contradictions: string[] }[];
    };
    const against = Object.fromEntries(
      claims.map((claim) => [claim.statement, claim.contradictions]),
    );
    expect(against).toEqual({
      "Coffee harms deep sleep.": ["Coffee leaves deep sleep alone."],
      "Coffee leaves deep sleep alone.": ["Coffee harms deep sleep."],
      "Tea is old.": [],
    });
    expect(server.asked).toHaveLength(2);
  });
});

test("an answer of another form is sent back once", async () => {
  await using server = modelServer((prompt, times) =>
    times === 1 ? says("Sure! 1 and 2.") : sensible(prompt),
  );
  await withNotes(NOTES, async (items) => {
    const maps = await mapsOf(items, { options: server.options });
    expect(headings(maps["People.md"], 3)).toContain("Quorra Zelphine");
    expect(server.asked[1]?.messages).toHaveLength(4);
  });
});

test("what was answered before a crash is not asked again", async () => {
  await using server = modelServer(sensible);
  await withNotes(NOTES, async (items) => {
    const { options } = server;
    await using cut = await runProcessor(moc, { items, options, stopAfterCheckpoints: 2 });
    expect(cut.ok).toBe(false);
    expect(server.asked).toHaveLength(1);
    await using again = await runProcessor(moc, { items, options, checkpoint: cut.checkpoint });
    expect(headings((await textsOf(again))["People.md"], 3)).toContain("Quorra Zelphine");
    expect(server.asked).toHaveLength(2);
  });
});

test.each([
  ["a page of a proxy", () => "<html>login</html>", 200, "no chat completion"],
  ["an answer that was cut off", () => says('{"numbers": [', "length"), 200, "broke off"],
  ["an empty answer", () => says(""), 200, "broke off"],
  ["no sense twice", () => says("no"), 200, "in the form"],
  ["a busy server", () => says(""), 429, "answered 429"],
  ["a refusal", () => says(""), 401, "moc.api_key"],
])("%s is an error that says so", async (_, reply, status, message) => {
  await using server = modelServer(reply, status);
  await withNotes(NOTES, async (items) => {
    await using run = await runProcessor(moc, { items, options: server.options });
    expect(run.error?.message).toContain(message);
    if (status === 429) expect(run.error).toMatchObject({ delayMs: 7_000 });
  });
});

test("a provider without a model, or a key that is not there, is told before the job begins", async () => {
  const asked = { provider: "local", api_key: "env:OPENAI_API_KEY" } as const;
  const found = await moc.requirements?.(moc.options.parse(asked), { env: {} });
  expect(found?.map(({ met }) => met)).toEqual([false, false]);
  expect(await moc.requirements?.(moc.options.parse({}), { env: {} })).toEqual([]);
});
