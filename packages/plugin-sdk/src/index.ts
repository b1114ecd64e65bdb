/** The contract between Knowledge Chipper and a processor: everything an author needs, and nothing of the host. Pure. */
export * from "./processor.ts";
export * from "./context.ts";
export * from "./input.ts";
export * from "./errors.ts";
export * from "./marked-block.ts";
