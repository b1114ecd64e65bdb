/** `bun run --cwd packages/core schema`: writes config/process_isolation.yaml and config/schema.json from the schema. Host, I/O. */
import { join } from "node:path";
import { jsonSchema, shippedFile } from "../src/config/reference.ts";

const folder = join(import.meta.dir, "../../../config");
await Bun.write(join(folder, "process_isolation.yaml"), shippedFile());
await Bun.write(join(folder, "schema.json"), jsonSchema());
