/** Which file the configuration is read from, and whom it trusts. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { isTrusted, trust } from "../../src/config/trust.ts";
import { people, problemsOf, userFile, write } from "./person.ts";

const { person, tempDir } = people("which-file");

describe("which file", () => {
  const text = (workers: number): string => `process_isolation:\n  workers: ${workers}\n`;

  test("--config, then KC_CONFIG, then the trusted folder's, then the user's own", async () => {
    const { env, cwd } = person();
    const files = {
      own: userFile(env, text(4)),
      local: write(join(cwd, "config/process_isolation.yaml"), text(3)),
      variable: write(join(cwd, "variable.yaml"), text(2)),
      flag: write(join(cwd, "flag.yaml"), text(1)),
    };
    await trust(cwd, env);
    const withVariable = { ...env, KC_CONFIG: "variable.yaml" };
    expect((await loadConfig({ env: withVariable, cwd, file: files.flag })).file).toBe(files.flag);
    const second = await loadConfig({ env: withVariable, cwd });
    expect([second.file, second.config.process_isolation.workers]).toEqual([files.variable, 2]);
    expect((await loadConfig({ env, cwd })).file).toBe(files.local);
    expect((await loadConfig({ env, cwd: tempDir() })).file).toBe(files.own);
  });

  test("a folder that is not trusted is not listened to, and a warning says what to do", async () => {
    const { env, cwd } = person();
    const own = userFile(env, text(4));
    write(join(cwd, "config/process_isolation.yaml"), text(3));
    const { file, warnings } = await loadConfig({ env, cwd });
    expect(file).toBe(own);
    expect(warnings).toEqual([expect.stringContaining("--config ")]);
  });

  test("trust holds for a folder under whatever name, once, and not for its subfolders", async () => {
    const { env, cwd } = person();
    const link = join(tempDir(), "link");
    symlinkSync(cwd, link);
    expect(await isTrusted(cwd, env)).toBe(false);
    expect(await trust(link, env)).toBe(cwd);
    await trust(cwd, env);
    expect(await isTrusted(cwd, env)).toBe(true);
    expect(await isTrusted(link, env)).toBe(true);
    const below = join(cwd, "below");
    mkdirSync(below);
    expect(await isTrusted(below, env)).toBe(false);
    expect(
      await Bun.file(join(env["HOME"] ?? "", ".config/knowledge_chipper/trusted")).text(),
    ).toBe(`${cwd}\n`);
  });

  test("XDG_CONFIG_HOME moves the user's own file", async () => {
    const { env, cwd } = person();
    const xdg = tempDir();
    const own = write(join(xdg, "knowledge_chipper/process_isolation.yaml"), text(9));
    expect((await loadConfig({ env: { ...env, XDG_CONFIG_HOME: xdg }, cwd })).file).toBe(own);
  });

  test("a file that was named and is not there is an error, not the defaults", async () => {
    const { env, cwd } = person();
    const missing = join(cwd, "nowhere.yaml");
    expect(await problemsOf({ env, cwd, file: missing })).toContain(`${missing} does not exist`);
    const message = await problemsOf({ env: { ...env, KC_CONFIG: missing }, cwd });
    expect(message).toStartWith("KC_CONFIG: ");
  });
});
