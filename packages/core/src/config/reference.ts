/** The schema written down for others: the commented settings file that is shipped, and JSON Schema for editors. Shared, pure. */
import { stringify } from "yaml";
import { z } from "zod";
import { allKeys } from "./key-facts.ts";
import { sectionNames, sections } from "./schema.ts";

const heading = `# Settings of Knowledge Chipper, with every key at its default.
#
# Copy what you want to change to ~/.config/knowledge_chipper/process_isolation.yaml, or name a file with --config or KC_CONFIG.
# \`./config/process_isolation.yaml\` of the folder you are in counts where that folder is trusted; --config counts anywhere.
# Stronger than the file are environment variables (KC_MEMORY_THRESHOLD, ...) and the command line. On machines under 4 GB and over 16 GB some defaults differ. GB and MB are powers of 1024.
#
# A section named after a processor holds its options, for example:
#
#   audio:
#     language: en
`;

const WIDTH = 120;

/** `config/process_isolation.yaml`. */
export function shippedFile(): string {
  const facts = allKeys();
  const blocks = sectionNames.map((name) => {
    const keys = facts.filter(({ section }) => section === name).map(keyLines);
    return [
      comment(sections[name].description ?? "", ""),
      `${name}:`,
      keys.map((lines) => lines.join("\n")).join("\n"),
    ].join("\n");
  });
  return `${heading}\n${blocks.join("\n\n")}\n`;
}

function keyLines(facts: ReturnType<typeof allKeys>[number]): string[] {
  const value = stringify(facts.default, {
    collectionStyle: "flow",
    flowCollectionPadding: false,
  }).trim();
  const default_ = `default ${value}`;
  return [
    comment(`${facts.description} Allowed: ${facts.allowed}; ${default_}.`, "  "),
    `  ${facts.key}: ${value}`,
  ];
}

/** Text as comment lines of at most `WIDTH` characters. */
function comment(text: string, indent: string): string {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** `config/schema.json`: for the completion and checks of editors. */
export function jsonSchema(): string {
  const shape = Object.fromEntries(sectionNames.map((name) => [name, sections[name].partial()]));
  const schema = z
    .object(shape)
    .partial()
    .catchall(z.record(z.string(), z.unknown()))
    .describe(
      "Settings of Knowledge Chipper; a section that is not listed holds a processor's options.",
    );
  const text = JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2);
  // Lists of plain values on one line, as the formatter has them.
  const oneLine = (list: string): string =>
    list.replace(/\s*\n\s*/g, " ").replace(/^\[ | \]$/g, trim);
  return `${text.replace(/\[\n[^[\]{}]*\]/g, oneLine)}\n`;
}

function trim(text: string): string {
  return text.trim();
}
