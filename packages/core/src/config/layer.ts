/** One layer of settings: values with the place each came from. Layers are laid over each other, the later one counts. Shared, types only. */
import type { Position } from "./config-error.ts";

export type Source = "default" | "tier" | "file" | "environment" | "flag";

export interface LayerValue {
  readonly section: string;
  readonly key: string;
  readonly value: unknown;
  /** File and line, variable or flag: for messages. */
  readonly where: string;
  /** In the file, where it came from one. */
  readonly position?: Position;
}

export interface Layer {
  readonly source: Exclude<Source, "default">;
  readonly values: readonly LayerValue[];
}
