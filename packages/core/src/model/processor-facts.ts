/** What the inspector found out about a processor, without the host ever importing it. Shared, pure. */

export interface ProcessorFacts {
  readonly name: string;
  readonly version: string;
  readonly sdk: number;
  readonly kind: "map" | "gather";
  readonly description: string;
  /** Absolute `file:` URL of its module. */
  readonly url: string;
  readonly accepts: {
    readonly roles: readonly string[];
    readonly extensions: readonly string[];
    readonly mimeTypes: readonly string[];
  };
  readonly produces: readonly string[];
  /** Whether it says what a step will take of memory. */
  readonly estimates?: boolean;
  /** Environment variables it asks for, by name. */
  readonly env: readonly string[];
  /** JSON Schema of its options (input side). */
  readonly optionsSchema: Readonly<Record<string, unknown>>;
}

/** One requirement of a processor, as it answered for given options. */
export interface RequirementFacts {
  readonly name: string;
  readonly met: boolean;
  readonly detail: string;
  readonly howToGet: string;
  readonly required: boolean;
}
