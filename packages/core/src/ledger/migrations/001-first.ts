/** Schema 1: the first one. Shared by writer and readers, pure text. */

/**
 * Times are milliseconds since the epoch, states are the codes of `codes.ts`, hashes are 32 bytes.
 * `jobs` hardly changes after planning; what changes is in `job_status`, whose counts are kept by triggers.
 * A gather stage's steps have the item number 1099511627776 (`GATHER`), so that they sort behind every real one.
 */
export const first = `
CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ref TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- 0 while planning is unfinished: no reader sees it
  planned INTEGER NOT NULL DEFAULT 0,
  out_dir TEXT NOT NULL,
  overwrite TEXT NOT NULL,
  job_time TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  stages TEXT NOT NULL,
  spec TEXT NOT NULL
) STRICT;

CREATE TABLE job_status (
  job INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  reason TEXT,
  reason_code TEXT,
  queued INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  retrying INTEGER NOT NULL DEFAULT 0,
  completed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  unadmitted INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  artifacts INTEGER NOT NULL DEFAULT 0,
  active_ms INTEGER NOT NULL DEFAULT 0,
  deaths INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE items (
  job INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  admitted INTEGER NOT NULL DEFAULT 0,
  path TEXT NOT NULL,
  -- where the relative path begins in \`path\`, or the relative path itself
  rel ANY NOT NULL,
  -- null: the file name without its last extension
  stem TEXT,
  planned_bytes INTEGER,
  planned_mtime REAL,
  bytes INTEGER,
  mtime REAL,
  mime TEXT,
  sha256 BLOB,
  PRIMARY KEY (job, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_unadmitted ON items (job, idx) WHERE admitted = 0 AND state = 0;

CREATE TABLE steps (
  job INTEGER NOT NULL,
  item INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  state INTEGER NOT NULL,
  -- set while it may be claimed: 0, or not before this time
  ready_at INTEGER,
  alone INTEGER NOT NULL DEFAULT 0,
  started INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  crashed INTEGER NOT NULL DEFAULT 0,
  -- since the last retry by a person
  spent INTEGER NOT NULL DEFAULT 0,
  out_of_memory INTEGER NOT NULL DEFAULT 0,
  -- fencing token, set while it runs
  attempt INTEGER,
  owner TEXT,
  -- row of \`attempts\` that tells why it is in its state
  problem INTEGER,
  duration_ms REAL,
  meta TEXT,
  PRIMARY KEY (job, item, stage)
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_ready ON steps (job, stage, alone, ready_at, item) WHERE ready_at IS NOT NULL;
CREATE UNIQUE INDEX steps_running ON steps (attempt) WHERE attempt IS NOT NULL;
CREATE INDEX steps_ended_badly ON steps (job, state, item, stage) WHERE state > 3;

-- attempts that ended without a result; a running one is in its step, one with a result left its counts there
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  job INTEGER NOT NULL,
  item INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  at INTEGER NOT NULL,
  started INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  crashed INTEGER NOT NULL,
  error TEXT NOT NULL,
  crash TEXT
) STRICT;
CREATE INDEX attempts_job ON attempts (job);

CREATE TABLE intents (
  attempt INTEGER PRIMARY KEY,
  job INTEGER NOT NULL,
  item INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  meta TEXT NOT NULL,
  outputs TEXT NOT NULL
) STRICT;
CREATE TABLE intent_targets (
  path TEXT NOT NULL PRIMARY KEY,
  attempt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- every file that is ours; the artifacts of a step as long as \`job\` is set
CREATE TABLE outputs (
  id INTEGER PRIMARY KEY,
  -- first 48 bits of the path's sha256
  path_key INTEGER NOT NULL,
  path TEXT NOT NULL,
  rel ANY NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  role TEXT NOT NULL,
  mime TEXT NOT NULL,
  job INTEGER,
  item INTEGER,
  stage INTEGER,
  ord INTEGER NOT NULL DEFAULT 0,
  -- who made it, once that step is no longer on record
  step_key TEXT
) STRICT;
CREATE INDEX outputs_path ON outputs (path_key);
CREATE INDEX outputs_step ON outputs (job, item, stage) WHERE job IS NOT NULL;

CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  job INTEGER NOT NULL,
  item INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  value TEXT,
  -- number of the file that holds the value when it is large
  file INTEGER
) STRICT;
CREATE INDEX checkpoints_step ON checkpoints (job, item, stage);
CREATE TABLE checkpoint_parts (
  checkpoint INTEGER NOT NULL,
  n INTEGER NOT NULL,
  value TEXT,
  file INTEGER,
  PRIMARY KEY (checkpoint, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  type INTEGER NOT NULL,
  job INTEGER,
  item INTEGER,
  stage INTEGER,
  attempt INTEGER,
  data TEXT
) STRICT;
CREATE INDEX events_job ON events (job) WHERE job IS NOT NULL;

CREATE TRIGGER items_inserted AFTER INSERT ON items BEGIN
  UPDATE job_status SET
    queued = queued + (NEW.state = 0), running = running + (NEW.state = 1),
    retrying = retrying + (NEW.state = 2), completed = completed + (NEW.state = 3),
    failed = failed + (NEW.state = 4), quarantined = quarantined + (NEW.state = 5),
    skipped = skipped + (NEW.state = 6), cancelled = cancelled + (NEW.state = 7),
    unadmitted = unadmitted + (NEW.state = 0 AND NEW.admitted = 0)
  WHERE job = NEW.job;
END;
CREATE TRIGGER items_updated AFTER UPDATE OF state, admitted ON items
WHEN NEW.state <> OLD.state OR NEW.admitted <> OLD.admitted BEGIN
  UPDATE job_status SET
    queued = queued + (NEW.state = 0) - (OLD.state = 0),
    running = running + (NEW.state = 1) - (OLD.state = 1),
    retrying = retrying + (NEW.state = 2) - (OLD.state = 2),
    completed = completed + (NEW.state = 3) - (OLD.state = 3),
    failed = failed + (NEW.state = 4) - (OLD.state = 4),
    quarantined = quarantined + (NEW.state = 5) - (OLD.state = 5),
    skipped = skipped + (NEW.state = 6) - (OLD.state = 6),
    cancelled = cancelled + (NEW.state = 7) - (OLD.state = 7),
    unadmitted = unadmitted + (NEW.state = 0 AND NEW.admitted = 0)
      - (OLD.state = 0 AND OLD.admitted = 0)
  WHERE job = NEW.job;
END;
`;
