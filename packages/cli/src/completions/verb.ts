/** What there is to complete, and how words stand in scripts. Pure. */

export interface Verb {
  /** From the program on: `["config", "set"]`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly flags: readonly {
    readonly names: readonly string[];
    readonly summary: string;
    readonly takesValue: boolean;
    readonly choices: readonly string[];
  }[];
  /** One step further. */
  readonly verbs: readonly { readonly name: string; readonly summary: string }[];
}

/** A word that a shell takes as it stands. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
