/** claims.yaml: merged statements, weights, and values that stay text for every reader of YAML. */
import { expect, test } from "bun:test";
import { parse, stringify } from "yaml";
import { mapsOf, withNotes, type TestNote } from "./maps.ts";

const PYTHON = Bun.which("python3");
const hasPyYaml = PYTHON !== null && Bun.spawnSync([PYTHON, "-c", "import yaml"]).exitCode === 0;

/** What readers of YAML 1.1 take for something else than text when it is not quoted. */
const RETYPED = [
  "yes",
  "No",
  "on",
  "off",
  "true",
  "null",
  "~",
  "y",
  "n",
  "12:30:45",
  "2024-01-01",
  "2001-12-14t21:59:43.10-05:00",
  "017",
  "0o17",
  "0x1F",
  "1_000",
  "1e3",
  "1.5",
  ".inf",
  ".NaN",
  "=",
  "<<",
  "- a",
  "a: b",
  "a #b",
  "# a",
  "*a",
  "&a",
  "!a",
  "%a",
  "@a",
  "`a",
  "[a",
  "{a",
  "'a",
  '"a',
  "?",
  "| a",
  "> a",
  "---",
  "...",
  "é\u0085x",
  "tab\tin",
  "trailing ",
];

interface ClaimsFile {
  readonly claims: readonly {
    readonly statement: string;
    readonly sources: readonly string[];
    readonly epistemic_weight: number;
    readonly supporting_evidence: readonly { source: string; quote: string; position?: unknown }[];
    readonly contradictions: readonly string[];
  }[];
  readonly metadata: { generated_at: string; source_files: number; total_claims: number };
}

test("the same statement of several notes is told once, with all sources and a higher weight", async () => {
  const file = await claimsOf([
    note("a.md", [
      { statement: "Sleep improves memory.", confidence: 0.6, quote: "it does", position: 12 },
    ]),
    note("b.md", [
      { statement: "sleep  improves MEMORY", confidence: 0.5, quote: "", position: null },
    ]),
    note("c.md", [{ statement: "Sleep improves mood.", confidence: "high" }]),
  ]);
  expect(file.claims).toEqual([
    {
      statement: "Sleep improves mood.",
      sources: ["c.md"],
      epistemic_weight: 0.9,
      supporting_evidence: [],
      contradictions: [],
    },
    {
      statement: "Sleep improves memory.",
      sources: ["a.md", "b.md"],
      epistemic_weight: 0.8,
      supporting_evidence: [{ source: "a.md", quote: "it does", position: 12 }],
      contradictions: [],
    },
  ]);
  expect(file.metadata).toEqual({ generated_at: "2025-01-02", source_files: 3, total_claims: 2 });
});

test("a claim that one note repeats does not grow heavier", async () => {
  const twice = [
    { statement: "It works.", confidence: 0.5 },
    { statement: "it works", confidence: 0.4 },
  ];
  expect((await claimsOf([note("a.md", twice)])).claims[0]?.epistemic_weight).toBe(0.5);
});

test("broken entries and documents are left out with a warning, the rest stays", async () => {
  const file = await claimsOf([
    {
      name: "a.md",
      source: "x",
      claims: "claims: [{ statement: 'good' }, 5, { quote: 'no statement' }, null]",
    },
    { name: "b.md", source: "x", claims: "claims: [ *unknown" },
    { name: "c.md", source: "x", claims: "just text" },
    { name: "d.md", source: "x", claims: "claims: ~" },
  ]);
  expect(file.claims.map(({ statement }) => statement)).toEqual(["good"]);
});

test("no claims file is written when claims are not wanted, and MOC.md does not speak of them", async () => {
  await withNotes([note("a.md", [{ statement: "It works." }])], async (items) => {
    const maps = await mapsOf(items, { options: { include_claims: false } });
    expect(Object.keys(maps)).not.toContain("claims.yaml");
    expect(maps["MOC.md"]).not.toContain("It works");
  });
});

test("values stay text for a reader of YAML 1.1", async () => {
  const yaml = await claimsYamlOf(RETYPED);
  expect(valuesOf(parse(yaml, { version: "1.1" }))).toEqual(kept());
  expect(valuesOf(parse(yaml, { version: "1.2" }))).toEqual(kept());
});

test.skipIf(!hasPyYaml)("values stay text for PyYAML (needs python3 with yaml)", async () => {
  const script = "import sys,yaml,json; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";
  const python = Bun.spawn([PYTHON ?? "", "-c", script], {
    stdin: new Blob([await claimsYamlOf(RETYPED)]),
    stdout: "pipe",
  });
  expect(valuesOf(JSON.parse(await python.stdout.text()))).toEqual(kept());
});

/** White space is folded to one line when claims are read. */
function kept(): string[] {
  return RETYPED.map((text) => text.replace(/[\s\p{Cc}]+/gu, " ").trim()).sort();
}

/** Every value as it comes back, from each of the places it was put. */
function valuesOf({ claims }: ClaimsFile): string[] {
  const evidence = claims.flatMap((claim) => claim.supporting_evidence);
  expect(claims.filter(({ statement }) => typeof statement !== "string")).toEqual([]);
  expect(evidence.filter(({ quote, position }) => quote !== position)).toEqual([]);
  return evidence.map(({ quote }) => quote).sort();
}

/** Each value as statement, quote and position. */
async function claimsYamlOf(values: readonly string[]): Promise<string> {
  const notes = values.map((statement, i) =>
    note(`${i}.md`, [{ statement, quote: statement, position: statement }]),
  );
  return await withNotes(notes, async (items) => (await mapsOf(items))["claims.yaml"] ?? "");
}

async function claimsOf(notes: readonly TestNote[]): Promise<ClaimsFile> {
  return await withNotes(notes, async (items) => parse((await mapsOf(items))["claims.yaml"] ?? ""));
}

function note(name: string, claims: readonly object[]): TestNote {
  return { name, source: "text", claims: stringify({ source_file: name, claims }) };
}
