/** The flags that every verb has. Pure types. */
export interface GlobalFlags {
  readonly home?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly logLevel?: "debug" | "info" | "warn" | "error";
}
