import { describe, expect, test } from "bun:test";
import { mimeTypeOf, planTarget } from "../../src/commit/plan-target.ts";

const item = { relativePath: "talks/2025/talk.mp3", stem: "talk" };
const target = (fileName: string, more: Partial<Parameters<typeof planTarget>[0]> = {}) =>
  planTarget({ item, stage: "audio", fileName, taken: [], ...more });

describe("where an output belongs", () => {
  test("beside nobody else: mirrored below the output folder", () => {
    expect(target("talk_transcript.md")).toBe("talks/2025/talk_transcript.md");
    expect(target("talk_transcript.md", { item: { relativePath: "talk.mp3", stem: "talk" } })).toBe(
      "talk_transcript.md",
    );
  });

  test("a processor that ignores the planned stem still gets the planned name", () => {
    const twin = { relativePath: "talk.mp3", stem: "talk.mp3" };
    expect(target("talk_transcript.md", { item: twin })).toBe("talk.mp3_transcript.md");
    expect(target("result.json")).toBe("talks/2025/talk_result.json");
  });

  test("a later stage that chooses a name of an earlier one keeps its output under its own name", () => {
    const taken = ["talks/2025/talk_text.md"];
    expect(target("talk_text.md", { stage: "clean", taken })).toBe("talks/2025/talk_text.clean.md");
  });

  test("outputs of a gather stage lie in a folder of its name", () => {
    expect(target("MOC.md", { item: null, stage: "moc" })).toBe("moc/MOC.md");
  });

  test("types go by the extension", () => {
    expect(["a.md", "a.SRT", "a.bin"].map(mimeTypeOf)).toEqual([
      "text/markdown",
      "application/x-subrip",
      "application/octet-stream",
    ]);
  });
});
