/** What is kept of one note: small plain facts, enough for the maps, never its text. Goes into checkpoints as it is. Pure types. */
import type { NoteClaim } from "../read/claims.ts";
import type { Place } from "../read/passage.ts";

/** Where a note can be opened in the output folder: path relative to it with `/`, or null when it has no Markdown there. */
export type NoteTarget = string | null;

/** Files of a note that a link can lead into, by path like `NoteTarget`; what is not there has no key. */
export interface NoteFiles {
  readonly text?: string;
  readonly summary?: string;
  readonly recording?: string;
}

/** A keyword, how often it occurs, and how it is written where that is not plain lower case. */
export type TermFact = readonly [term: string, count: number, display: string | null];

/** A name that may be a person's. `cues` is evidence for, `against` counts mentions that speak against. */
export type NameFact = readonly [
  name: string,
  mentions: number,
  cues: number,
  against: number,
  places: readonly Place[],
];

export type TagFact = readonly [tag: string, count: number];

export interface ModelFact {
  readonly name: string;
  readonly mentions: number;
  /** The sentence it was first met in. */
  readonly context: string;
  /** On the list of known ones, or found by a name in it ("Brandolini's law"), or by its form alone ("spacing effect"). */
  readonly origin: "known" | "named" | "guessed";
  /** Where it is named, the first few. */
  readonly places: readonly Place[];
}

export interface JargonFact {
  /** As written, e.g. `retrieval-augmented generation`. */
  readonly term: string;
  readonly acronym: string | null;
  /** What it is said to be, or null where only the acronym is explained. */
  readonly definition: string | null;
  readonly context: string;
  readonly mentions: number;
  /** Where it is explained. */
  readonly places: readonly Place[];
}

export interface NoteFacts {
  /** Path of the source file, relative to the folder given to the job. */
  readonly source: string;
  readonly title: string;
  readonly target: NoteTarget;
  /** What places are in: the note's own text, its summary, the recording. */
  readonly files: NoteFiles;
  /** Most frequent first. */
  readonly terms: readonly TermFact[];
  readonly names: readonly NameFact[];
  /** Set by a person: front matter and inline tags. */
  readonly tags: readonly TagFact[];
  /** Given as keywords by a summary. */
  readonly keywords: readonly string[];
  readonly models: readonly ModelFact[];
  readonly jargon: readonly JargonFact[];
  readonly claims: readonly NoteClaim[];
}

/** A file that holds no note, such as a page of maps from an earlier run. */
export interface NoNote {
  readonly source: string;
  readonly isNoNote: true;
}
