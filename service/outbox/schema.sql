-- seq is never used twice: AUTOINCREMENT remembers the highest number also when its row is gone.
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  desk_key TEXT NOT NULL DEFAULT '',
  body TEXT,                      -- NULL as soon as the desk has it
  hash TEXT NOT NULL,             -- SHA-256 of the body
  chain TEXT NOT NULL,            -- SHA-256 over the chain before and this hash
  accepted_at INTEGER NOT NULL    -- seconds, by this kiosk's clock
);
CREATE INDEX IF NOT EXISTS waiting ON entries (seq) WHERE body IS NOT NULL;
CREATE TABLE IF NOT EXISTS receipts (
  seq INTEGER PRIMARY KEY REFERENCES entries (seq),
  reference TEXT NOT NULL UNIQUE,
  flow TEXT NOT NULL,
  answer_by INTEGER
);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
