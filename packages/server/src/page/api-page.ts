/** The API's description for people: one page, made of the same document that programs read. Shared, pure. */
import { openApi } from "../api/openapi.ts";

interface Operation {
  readonly tags?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

export function apiPage(): string {
  const { paths, info } = openApi() as {
    paths: Record<string, Record<string, Operation>>;
    info: { description: string };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? "other"))];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>API of Knowledge Chipper</title><link rel="stylesheet" href="/page/style.css"></head>
<body><header><h1>API of Knowledge Chipper</h1><p><a href="/openapi.json">OpenAPI 3.1</a></p></header>
<main><p>${text(info.description)}</p>
${tags
  .map(
    (tag) => `<section><h2>${text(tag)}</h2>
${operations
  .filter(({ operation }) => (operation.tags?.[0] ?? "other") === tag)
  .map(section)
  .join("\n")}
</section>`,
  )
  .join("\n")}
</main></body></html>
`;
}

function section({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const answer = responses["200"] ?? responses["201"];
  return `<details><summary><code>${method.toUpperCase()} ${text(path)}</code> ${text(summary)}</summary>
${description === undefined ? "" : `<p>${text(description)}</p>`}
${parameters.length === 0 ? "" : `<h3>Parameters</h3><ul>${parameters.map((each) => `<li><code>${text(each.name)}</code> (${each.in}${each.required === true ? ", required" : ""}): <code>${text(JSON.stringify(each.schema))}</code></li>`).join("")}</ul>`}
${shape("Body", requestBody?.content)}
${shape("Answer", answer?.content)}
<p class="soft">Refusals: ${
    Object.keys(responses)
      .filter((code) => code >= "400")
      .join(", ") || "none"
  }</p>
</details>`;
}

function shape(title: string, content: Record<string, { schema: object }> | undefined): string {
  return Object.entries(content ?? {})
    .map(
      ([type, { schema }]) =>
        `<h3>${title}: ${text(type)}</h3><pre>${text(JSON.stringify(schema, null, 2))}</pre>`,
    )
    .join("");
}

function text(raw: string): string {
  return raw.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
