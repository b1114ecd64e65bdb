/** Reads the counts out of the JUnit report that `bun test` writes. Host, pure. */

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failedNames: readonly string[];
  readonly skippedNames: readonly string[];
}

/** Every test is one `<testcase>`, empty when it passed, else with what became of it inside. */
const testcase = /<testcase\s([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

export function readJunit(xml: string): TestCounts {
  let passed = 0;
  const failedNames: string[] = [];
  const skippedNames: string[] = [];
  for (const [, attributes = "", body = ""] of xml.matchAll(testcase)) {
    if (body.includes("<skipped")) skippedNames.push(nameOf(attributes));
    else if (body.includes("<failure") || body.includes("<error"))
      failedNames.push(nameOf(attributes));
    else passed += 1;
  }
  return {
    passed,
    failed: failedNames.length,
    skipped: skippedNames.length,
    failedNames,
    skippedNames,
  };
}

function nameOf(attributes: string): string {
  const name = /(?:^|\s)name="([^"]*)"/.exec(attributes)?.[1] ?? "";
  return unescapeXml(name);
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name] ?? whole;
  });
}
