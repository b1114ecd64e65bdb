import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROBE_NAME, probeFolder } from "../../src/model/probe-folder.ts";

test("a probe leaves nothing, and takes away what a death left of an earlier one", () => {
  const folder = mkdtempSync(join(tmpdir(), "kc-probe-test-"));
  try {
    writeFileSync(join(folder, PROBE_NAME), "left");
    expect(probeFolder(folder, 1_000)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
