import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommitError } from "../../src/commit/commit-error.ts";
import { examine } from "../../src/commit/examine.ts";
import { publish, type Publication } from "../../src/commit/publish.ts";

let folder = "";
let staging = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kc-commit-"));
  staging = join(folder, "staging");
  mkdirSync(staging);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

function staged(text: string, previous: string | null = null): Publication {
  const stagedPath = join(staging, "out.md");
  writeFileSync(stagedPath, text);
  return {
    attemptId: 7,
    stagedPath,
    targetPath: join(folder, "deep", "er", "out.md"),
    outDir: folder,
    knownSha256: null,
    sha256: sha(text),
    previousSha256: previous,
  };
}

const at = (publication: Publication) => readFileSync(publication.targetPath, "utf8");

describe("publishing", () => {
  test("puts a new output in place, folders and all, and may be repeated at any point", () => {
    const publication = staged("new");
    expect(publish([publication])).toEqual([{ ok: true }]);
    expect(at(publication)).toBe("new");
    expect(existsSync(publication.stagedPath)).toBe(false);
    expect(publish([publication])).toEqual([{ ok: true }]);
    writeFileSync(publication.stagedPath, "new");
    expect(publish([publication])).toEqual([{ ok: true }]);
    expect(existsSync(publication.stagedPath)).toBe(false);
  });

  test("a death between link and unlink ends as one file", () => {
    const publication = staged("new");
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    linkSync(publication.stagedPath, publication.targetPath);
    expect(publish([publication])).toEqual([{ ok: true }]);
    expect(at(publication)).toBe("new");
    expect(existsSync(publication.stagedPath)).toBe(false);
  });

  test("replaces our own earlier bytes", () => {
    publish([staged("old")]);
    const publication = staged("new", sha("old"));
    expect(publish([publication])).toEqual([{ ok: true }]);
    expect(at(publication)).toBe("new");
  });

  test.each([
    ["is not ours", null],
    ["was changed since we wrote it", sha("something else")],
  ])("someone else's file stays, and so does ours, when it %s", (words, previous) => {
    publish([staged("theirs")]);
    const publication = staged("ours", previous);
    const [result] = publish([publication]);
    expect(result).toMatchObject({ ok: false, code: "commit_conflict" });
    expect(result?.ok === false && result.message).toContain(words);
    expect(at(publication)).toBe("theirs");
    expect(
      readFileSync(
        join(folder, "deep", "er", `out.kc-conflict-${sha("ours").slice(0, 8)}.md`),
        "utf8",
      ),
    ).toBe("ours");
  });

  test("a retry makes no second copy, and the copy goes once ours is in its place", () => {
    publish([staged("theirs")]);
    for (let n = 0; n < 2; n += 1) expect(publish([staged("ours")])[0]?.ok).toBe(false);
    const beside = () => [...new Bun.Glob("*").scanSync(join(folder, "deep", "er"))].toSorted();
    expect(beside()).toEqual([`out.kc-conflict-${sha("ours").slice(0, 8)}.md`, "out.md"]);
    rmSync(join(folder, "deep", "er", "out.md"));
    expect(publish([staged("ours")])).toEqual([{ ok: true }]);
    expect(beside()).toEqual(["out.md"]);
  });

  test("a person's yes replaces whatever is there", () => {
    publish([staged("theirs")]);
    const publication = staged("ours", "*");
    expect(publish([publication])).toEqual([{ ok: true }]);
    expect(at(publication)).toBe("ours");
  });

  test("a symbolic link at the target is never followed", () => {
    writeFileSync(join(folder, "victim"), "victim");
    const publication = staged("ours", sha("victim"));
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    symlinkSync(join(folder, "victim"), publication.targetPath);
    expect(publish([publication])[0]).toMatchObject({ ok: false, code: "commit_conflict" });
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("victim");
  });

  test.skipIf(!existsSync("/dev/shm"))(
    "works across file systems, and leaves no part behind",
    () => {
      const other = mkdtempSync("/dev/shm/kc-commit-");
      try {
        const publication = { ...staged("new"), targetPath: join(other, "out.md") };
        expect(publish([publication])).toEqual([{ ok: true }]);
        expect(at(publication)).toBe("new");
        expect([...new Bun.Glob("**/*").scanSync({ cwd: other, dot: true })]).toEqual(["out.md"]);
      } finally {
        rmSync(other, { recursive: true, force: true });
      }
    },
  );

  test("one that cannot be published holds up no other", () => {
    const good = staged("good");
    writeFileSync(join(folder, "file"), "");
    const bad = {
      ...good,
      stagedPath: join(staging, "bad"),
      targetPath: join(folder, "file", "x.md"),
    };
    writeFileSync(bad.stagedPath, "bad");
    const [first, second] = publish([bad, good]);
    expect(first?.ok).toBe(false);
    expect(second).toEqual({ ok: true });
  });
});

describe("examining a staged output", () => {
  const codeOf = (path: string) => {
    try {
      examine(path, staging);
      return "ok";
    } catch (error) {
      return error instanceof CommitError ? error.code : String(error);
    }
  };

  test("takes a plain file with its size and hash", () => {
    writeFileSync(join(staging, "a"), "text");
    expect(examine(join(staging, "a"), staging)).toMatchObject({ bytes: 4, sha256: sha("text") });
  });

  test("refuses what a processor may not leave there", () => {
    writeFileSync(join(staging, "a"), "text");
    linkSync(join(staging, "a"), join(staging, "b"));
    symlinkSync("/etc/passwd", join(staging, "link"));
    mkdirSync(join(staging, "folder"));
    writeFileSync(join(folder, "outside"), "");
    expect(["a", "link", "folder", "gone"].map((name) => codeOf(join(staging, name)))).toEqual([
      "output_linked",
      "output_not_a_file",
      "output_not_a_file",
      "output_missing",
    ]);
    expect(codeOf(join(folder, "outside"))).toBe("output_outside");
  });
});
