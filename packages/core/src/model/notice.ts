/** Something to tell about one given path. Shared, pure. */
export interface Notice {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}
