/** Measures what 200 readers of events cost a running job, and how soon a job's first event comes. `flock /tmp/kc-cpu.lock bun tests/bench/server-load.ts [--write]`. I/O. */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { parseArgs } from "node:util";
import { writeSection } from "../support/doc-section.ts";
import { median, table, taken } from "../support/figures.ts";
import { fixture, startKc } from "../support/kc.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const PAIRS = 5;
const READERS = 200;
const STALLED = 20;
const SUBMISSIONS = 21;
const command = "bun tests/bench/server-load.ts --write";

interface Kind {
  readonly name: string;
  readonly items: number;
  readonly processor: string;
  readonly options: object;
}
const kinds: readonly Kind[] = [
  {
    name: "200 × a step of 20 ms",
    items: 200,
    processor: "throws",
    options: { throws: { trigger: "nothing", delayMs: 20 } },
  },
  { name: "1000 × `noop` (nothing)", items: 1_000, processor: "noop", options: {} },
];

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
await using space = await workspace();
const unix = space.at("home", "server.sock");
const server = startKc(space, ["serve", "--workers", "2"]);
try {
  await until("it answers", () =>
    fetch("http://kc/readyz", { unix }).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const rows: string[][] = [];
  for (const kind of kinds) {
    rows.push(await pairs(kind));
    console.error(rows.at(-1)?.join(" | "));
  }
  const first = await submissions(space);
  const text = [
    `${taken(command)} ${PAIRS} pairs, in turn without and with ${READERS} readers of all events over the socket, ${STALLED} of them never reading; 2 workers. Readers share the two cores.`,
    "",
    table(["job", "without", "with", "cost (median of pairs)", "from – to"], rows),
    "",
    `Memory of the supervisor afterwards: ${(rss() / 1024 ** 2).toFixed(0)} MB. From a submission to its first event: ${median(first).toFixed(0)} ms at the median of ${first.length}, ${Math.min(...first).toFixed(0)} to ${Math.max(...first).toFixed(0)}.`,
  ].join("\n");
  console.log(text);
  if (values.write) writeSection("performance.md", "server-load", text);
} finally {
  server.kill("SIGTERM");
  await server.exited;
}

async function pairs(kind: Kind): Promise<string[]> {
  for (let n = 0; n < kind.items; n += 1) await space.file(`${kind.processor}/${n}.txt`, "text");
  await run(kind);
  const alone: number[] = [];
  const together: number[] = [];
  for (let n = 0; n < PAIRS; n += 1) {
    alone.push(await run(kind));
    const readers = await open();
    together.push(await run(kind));
    for (const reader of readers) reader.destroy();
  }
  const costs = alone.map((ms, at) => 100 * ((together[at] ?? 0) / ms - 1));
  const rate = (times: readonly number[]) =>
    `${((1_000 * kind.items) / median(times)).toFixed(0)}/s`;
  const percent = (value: number) => `${value.toFixed(1)} %`;
  return [
    kind.name,
    rate(alone),
    rate(together),
    percent(median(costs)),
    `${percent(Math.min(...costs))} – ${percent(Math.max(...costs))}`,
  ];
}

/** Milliseconds that the job ran. */
async function run(kind: Kind): Promise<number> {
  const spec = {
    paths: [space.at(kind.processor)],
    pipeline: [fixture(kind.processor)],
    outDir: space.out,
    options: kind.options,
  };
  const response = await fetch("http://kc/api/v1/jobs", {
    unix,
    method: "POST",
    body: JSON.stringify(spec),
  });
  const { jobId } = (await response.json()) as { jobId: string };
  const job = await until(
    "it is over",
    async () => {
      const shown = (await (await fetch(`http://kc/api/v1/jobs/${jobId}`, { unix })).json()) as {
        state: string;
        activeMs: number;
      };
      return shown.state === "completed" && shown;
    },
    120_000,
  );
  return job.activeMs;
}

/** Raw connections that throw away what they get: what is measured is the server. */
async function open(): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: READERS }, (_, at) => {
      const socket = connect(unix);
      socket.write("GET /api/v1/events HTTP/1.1\r\nHost: kc\r\n\r\n");
      return new Promise<Socket>((resolve) =>
        socket.once("data", () => {
          if (at < STALLED) socket.pause();
          else socket.on("data", () => {});
          resolve(socket);
        }),
      );
    }),
  );
}

async function submissions({ at, out }: Workspace): Promise<number[]> {
  const times: number[] = [];
  await space.file("one/a.txt", "text");
  const response = await fetch("http://kc/api/v1/events", { unix });
  const reader = response.body?.getReader();
  for (let n = 0; n < SUBMISSIONS; n += 1) {
    const id = `ready${"abcdefghjkmnpqrstuvwxyz"[n]}aa`;
    const spec = { id, paths: [at("one")], pipeline: ["summarize"], outDir: out };
    const begun = performance.now();
    const asked = fetch("http://kc/api/v1/jobs", {
      unix,
      method: "POST",
      body: JSON.stringify(spec),
    });
    for (let text = ""; !text.includes(id) && reader !== undefined;)
      text += Buffer.from((await reader.read()).value ?? []).toString();
    times.push(performance.now() - begun);
    await asked;
  }
  await reader?.cancel();
  return times;
}

function rss(): number {
  const pages = Number(readFileSync(`/proc/${server.pid}/statm`, "utf8").split(" ")[1]);
  return pages * 4_096;
}
