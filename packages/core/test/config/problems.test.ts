/** What is wrong in a configuration is told with its place, and with what is allowed. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { people, problemsOf, write } from "./person.ts";

const { person } = people("config-problems");

describe("what is wrong", () => {
  async function wrong(text: string): Promise<{ file: string; message: string }> {
    const { env, cwd } = person();
    const file = write(join(cwd, "c.yaml"), text);
    return { file, message: await problemsOf({ env, cwd, file }) };
  }

  test("several problems are told at once, each with line, key, what was got and what is allowed", async () => {
    const { env, cwd } = person();
    const file = write(
      join(cwd, "c.yaml"),
      `process_isolation:
  heartbeat_timeout_seconds: soon
  restart_backoff_seconds: [5, never]
checkpoint_system:
  frequency: hourly
output:
  cache: maybe
`,
    );
    const message = await problemsOf({ env: { ...env, KC_MEMORY_THRESHOLD: "200" }, cwd, file });
    expect(message.split("\n")).toEqual([
      "5 problems in the configuration:",
      `  ${file}:2: process_isolation.heartbeat_timeout_seconds is "soon"; allowed: a number from 0.05 to 604800`,
      `  ${file}:3: process_isolation.restart_backoff_seconds[1] is "never"; allowed: a list, not empty, each a number from 0 to 86400`,
      `  ${file}:5: checkpoint_system.frequency is "hourly"; allowed: per_file, time_based, adaptive`,
      `  ${file}:7: output.cache is "maybe"; allowed: true or false`,
      "  KC_MEMORY_THRESHOLD: memory_management.memory_pressure_threshold is 200; allowed: a number from 1 to 100",
    ]);
  });

  const table: readonly (readonly [string, string, string])[] = [
    ["nothing where a value must be", "process_isolation:\n  max_attempts:\n", ":2: "],
    [
      "a fraction of an attempt",
      "process_isolation:\n  max_attempts: 1.5\n",
      "1.5; allowed: a whole",
    ],
    ["not a number", "health:\n  window_hours: .nan\n", "window_hours"],
    ["a value where a section must be", "output: ./here\n", ':1: "output" must be a section'],
    ["a list where sections must be", "- output\n", ":1: holds no sections"],
    ["a key given twice", "output:\n  cache: true\n  cache: false\n", ":3: is not valid YAML"],
    ["broken YAML", "output:\n  directory: [\n", "is not valid YAML"],
    ["a tab for indentation", "output:\n\tcache: true\n", ":2: is not valid YAML"],
    [
      "two documents",
      "output:\n  cache: true\n---\noutput:\n  cache: false\n",
      "is not valid YAML",
    ],
    ["a variable's name with a blank", "plugins:\n  grants:\n    audio: ['A B']\n", 'is "A B"'],
  ];
  test.each(table)("%s", async (_name, text, expected) => {
    const { message } = await wrong(text);
    expect(message).toContain(expected);
    expect(message).not.toContain("\n");
  });

  test("an unknown key on the command line is an error, not a warning", async () => {
    const message = await problemsOf({ ...person(), flags: { output: { directry: 1 } } });
    expect(message).toContain(
      'command line: output.directry is not a known key. Did you mean "directory"?',
    );
  });

  test("a folder in the file's place, and a file that is far too large", async () => {
    const { env, cwd } = person();
    expect(await problemsOf({ env, cwd, file: cwd })).toContain("cannot be read");
    const big = write(join(cwd, "big.yaml"), "# ".padEnd(2 ** 20 + 1));
    expect(await problemsOf({ env, cwd, file: big })).toContain("larger than 1 MiB");
  });

  test("an alias bomb ends as an error, not as a full memory", async () => {
    const bomb = ["a: &a0 { x: [1,1,1,1,1,1,1,1,1] }"];
    for (let depth = 1; depth < 12; depth += 1) {
      bomb.push(
        `s${depth}: &a${depth} { x: [${Array(9)
          .fill(`*a${depth - 1}`)
          .join(",")}] }`,
      );
    }
    const { message } = await wrong(`${bomb.join("\n")}\n`);
    expect(message).toContain("alias");
  });
});
