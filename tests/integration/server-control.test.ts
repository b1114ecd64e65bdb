/** Whoever asks a supervisor hears the same, over the socket and over the port: every method of Control. */
import { expect, test } from "bun:test";
// @boundaries-ignore the client is what is tested
import { connectHome, connectServer } from "../../packages/server/src/client/index.ts";
import { portServer } from "../support/port-server.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

test("every method of Control answers the same over the socket and over the port", async () => {
  await using space = await workspace();
  await using server = await portServer(space, ["--workers", "1"]);
  await space.file("in/a.txt", "Text that is long enough to be summarised. It says two things.");
  const local = await connectHome(space.home);
  if (local === null) throw new Error("nobody answers");
  const port = await connectServer({ url: server.url, token: server.token });
  const asked = new Set<string>();
  type Control = typeof port;
  /** What one says, when both say it. */
  const both = async <T>(
    name: keyof Control,
    ask: (control: Control) => Promise<T>,
    compare: (answer: T) => unknown = (answer) => answer,
  ): Promise<T> => {
    asked.add(name);
    const [a, b] = [await ask(local), await ask(port)];
    expect({ name, answer: compare(b) }).toEqual({ name, answer: compare(a) });
    return a;
  };
  /** Refusals too. */
  const refused = (ask: (control: Control) => Promise<unknown>) => (control: Control) =>
    ask(control).then(
      () => "done",
      ({ name, code, message }: { name: string; code: string; message: string }) => ({
        name,
        code,
        message,
      }),
    );
  try {
    const spec = {
      id: "abcdefgh",
      paths: [space.at("in")],
      pipeline: ["summarize"],
      outDir: space.out,
    };
    await both(
      "preview",
      (control) => control.preview(spec),
      (preview) => Object.keys(preview),
    );
    await both(
      "submit",
      (control) => control.submit(spec),
      ({ job }) => job.id,
    );
    const { id } = spec;
    await until("it is over", async () => (await port.jobs())[0]?.state === "completed");
    await both("jobs", (control) => control.jobs({ limit: 10 }));
    await both("findJobs", (control) => control.findJobs("last"));
    const { rows } = await both("steps", (control) => control.steps(id, { limit: 10 }));
    await both("items", (control) => control.items(id, { limit: 10, after: -1 }));
    const artifact = rows[0]?.artifacts[0];
    if (artifact === undefined) throw new Error("no artifact");
    const below = artifact.path.slice(space.out.length + 1);
    expect(await both("artifact", (control) => control.artifact(id, below))).not.toBeNull();
    await both("attemptLog", (control) => control.attemptLog(id, 1, 10));
    await both("runLog", (control) => control.runLog(1));
    await both("processors", (control) => control.processors());
    await both("settings", (control) => control.settings());
    await both("problems", (control) => control.problems(id, 10));
    await both(
      "live",
      (control) => control.live(id),
      (view) => view?.job,
    );
    await both(
      "report",
      (control) => control.report(24),
      ({ health }) => health,
    );
    await both(
      "vitals",
      (control) => control.vitals(),
      ({ jobs }) => jobs,
    );
    await both("lastSeq", (control) => control.lastSeq());
    await both("eventsAfter", (control) => control.eventsAfter(id, 0, 100));
    await both("subscribe", async (control) => {
      const last = await control.lastSeq();
      const seen: number[] = [];
      const stop = await control.subscribe(
        (events) => void seen.push(...events.map(({ seq }) => seq)),
        { after: 0 },
      );
      await until("all was told", () => seen.at(-1) === last);
      stop();
      return seen;
    });
    for (const verb of ["pause", "resume", "cancel"] as const)
      await both(
        verb,
        refused((control) => control[verb](id)),
      );
    await both("retry", (control) => control.retry(id));
    await both(
      "restart",
      refused((control) => control.restart("zzzzzzzz")),
    );
    await both(
      "remove",
      refused((control) => control.remove("zzzzzzzz")),
    );
  } finally {
    await local.close();
    await port.close();
  }
  // Only who owns the machine stops it; losing and closing are the client's own.
  const own = ["announceStop", "onLost", "close"];
  expect([...asked, ...own].toSorted()).toEqual(Object.keys(port).toSorted());
}, 60_000);
