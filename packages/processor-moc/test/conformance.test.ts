/** The moc processor under the suite that every processor passes. */
import { join } from "node:path";
import { processorConformance } from "@knowledge-chipper/plugin-sdk/testing";
import { vaultItems } from "./vault.ts";

processorConformance("moc", {
  processor: join(import.meta.dir, "../src/index.ts"),
  sampleInput: { items: vaultItems() },
});

processorConformance("moc with a page for each person, model and term", {
  processor: join(import.meta.dir, "../src/index.ts"),
  sampleInput: { items: vaultItems() },
  options: { vault: "pages" },
});
