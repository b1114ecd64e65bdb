/** Schema 2: what happened, added up by the minute. Shared by writer and readers, pure text. */

/** A tally is JSON of the analytics; what they remember beside the minutes is in `meta` under `analytics`. */
export const tallies = `
CREATE TABLE tallies (
  -- since the epoch
  minute INTEGER PRIMARY KEY,
  tally TEXT NOT NULL
) STRICT;
`;
