/** Tools for testing a processor: run one in this process, and the suite every processor passes. For tests only. */
export { runProcessor } from "./run-processor.ts";
export type { ProcessorRun, RunOptions } from "./run-processor.ts";
export type { ArtifactSpec, GatherItemSpec } from "./test-input.ts";
export type { CheckpointState } from "./test-checkpoint.ts";
export type { StagedOutput } from "./staged-outputs.ts";
export { processorConformance } from "./conformance.ts";
export type { Conformance, SampleInput } from "./conformance.ts";
export { definitionFaults } from "./definition-faults.ts";
