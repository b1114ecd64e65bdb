import { join } from "node:path";
import { processorConformance } from "@knowledge-chipper/plugin-sdk/testing";

const documents = join(import.meta.dir, "../../../examples/documents");
const processor = join(import.meta.dir, "../src/index.ts");
const unreadableInput = { source: join(import.meta.dir, "fixtures/noise.pdf") };

for (const name of [
  "notes/spaced-repetition.md",
  "article.html",
  "report.pdf",
  "letter.docx",
  "meeting.srt",
]) {
  processorConformance(`summarize (${name})`, {
    processor,
    sampleInput: { source: join(documents, name) },
    unreadableInput,
  });
}
