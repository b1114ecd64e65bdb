/** Schema 3: checkpoints know when they were last written, so that old ones can be told. Shared by writer and readers, pure text. */

/** Those that are there already count from now on: none of them goes earlier than it should. */
export const checkpointAge = `
ALTER TABLE checkpoints ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
UPDATE checkpoints SET at = CAST(unixepoch('subsec') * 1000 AS INTEGER);
CREATE INDEX checkpoints_at ON checkpoints (at);
`;
