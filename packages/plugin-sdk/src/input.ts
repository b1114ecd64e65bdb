/** What a processor is given to read: the source file of an item and the artifacts that earlier stages made of it. Pure. */

/** Small plain data: what survives JSON unchanged. */
export type PlainData =
  | null
  | boolean
  | number
  | string
  | readonly PlainData[]
  | { readonly [key: string]: PlainData };

/** The input file of an item, as it was found. */
export interface SourceFile {
  /** Absolute path, links resolved. Open it read-only. */
  readonly path: string;
  /** File name with extension, e.g. `talk.mp3`. */
  readonly name: string;
  /**
   * The stem that outputs of this item begin with, e.g. `talk`; unique within its folder, so `talk.mp3` where `talk.wav`
   * lies beside it. An output whose name does not begin with it gets it put in front by the host.
   */
  readonly stem: string;
  /** Path relative to the folder that was given to the job, with `/`; the only path an output may show. */
  readonly relativePath: string;
  /** Size in bytes when the item was admitted. */
  readonly bytes: number;
  /** Type found by content, e.g. `audio/mpeg`, `text/markdown`. */
  readonly mimeType: string;
  /**
   * In a gather stage, where the source lies below the output folder (a vault that the outputs go into): its path relative to that
   * folder, with `/`, which a link in an output may use.
   */
  readonly linkPath?: string;
}

/** A committed output of an earlier stage (of this item, or for a gather stage of any item). */
export interface InputArtifact {
  /** What it is for, e.g. `transcript`, `segments`, `summary`. */
  readonly role: string;
  /** Absolute path of the committed file. Open it read-only. */
  readonly path: string;
  /** Path relative to the output folder, with `/`: what a link in an output may use. */
  readonly relativePath: string;
  readonly mimeType: string;
  /** What the stage that made it returned as `meta`. */
  readonly meta: { readonly [key: string]: PlainData };
}

/** Input of a `map` processor: one item. */
export interface MapInput {
  readonly source: SourceFile;
  /** Newest stage first. */
  readonly artifacts: readonly InputArtifact[];
}

/** One completed item as a gather stage sees it. */
export interface GatherItem {
  readonly source: SourceFile;
  readonly artifacts: readonly InputArtifact[];
}

/** Input of a `gather` processor: every completed item of the job, in item order, streamed from a manifest file. */
export interface GatherInput {
  /** Number of completed items. */
  readonly count: number;
  /** Streams the items in item order; may be called more than once. */
  items(): AsyncIterable<GatherItem>;
}
