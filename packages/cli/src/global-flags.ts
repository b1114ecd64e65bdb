/** The flags that every verb has. Pure types. */
export interface GlobalFlags {
  readonly home?: string;
  readonly config?: string;
  /** URL of a server on another machine (or another port of this one). */
  readonly server?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly logLevel?: "debug" | "info" | "warn" | "error";
}
