/** What Prometheus reads, by the rules of its text format: every figure declared, histograms whole, counts those of the job. */
import { expect, test } from "bun:test";
import { portServer } from "../support/port-server.ts";
import { until } from "../support/until.ts";
import { workspace } from "../support/workspace.ts";

test("every figure has a type, histograms grow towards their count, and a job's steps are counted", async () => {
  await using space = await workspace();
  await using server = await portServer(space);
  for (const name of ["a", "b", "c"]) await space.file(`in/${name}.txt`, `Text of ${name}.`);
  const { jobId } = await server.json<{ jobId: string }>("/api/v1/jobs", {
    method: "POST",
    body: JSON.stringify({
      paths: [space.at("in")],
      pipeline: ["summarize"],
      outDir: space.at("out"),
    }),
  });
  await until("it is over", async () =>
    (await server.json<{ state: string }>(`/api/v1/jobs/${jobId}`)).state.startsWith("completed"),
  );
  const text = await (await server.fetch("/metrics")).text();
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, a, b]) => [a, b]));
  const samples = [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = "", labels = "", value]) => ({ name, labels, value: Number(value) }),
  );
  for (const { name } of samples) {
    const isPart = types.get(name.replace(/_(bucket|sum|count)$/, "")) === "histogram";
    expect({ name, known: isPart || types.has(name) }).toEqual({ name, known: true });
  }
  for (const histogram of ["kc_commit_duration_seconds", "kc_step_duration_seconds"]) {
    expect(types.get(histogram)).toBe("histogram");
    const buckets = samples.filter(({ name }) => name === `${histogram}_bucket`);
    const counts = buckets.map(({ value }) => value);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(buckets.at(-1)?.labels).toContain(`le="+Inf"`);
    expect(samples.find(({ name }) => name === `${histogram}_count`)?.value).toBe(3);
    expect(counts.at(-1)).toBe(3);
  }
  expect(text).toContain(`kc_steps_total{stage="summarize",outcome="completed"} 3`);
});
