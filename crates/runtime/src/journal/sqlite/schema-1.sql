-- Bodies are msgpack, so that only what is searched for is a column. Times are ns since 1970.

-- Who may decide (P2): one row.
CREATE TABLE authority (epoch INTEGER NOT NULL);
INSERT INTO authority VALUES (0);

CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    digest BLOB NOT NULL,
    accepted INTEGER NOT NULL
);
CREATE INDEX batches_by_digest ON batches (digest);

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pool TEXT NOT NULL,
    batch INTEGER REFERENCES batches (id),
    state TEXT NOT NULL,
    spec BLOB NOT NULL,
    accepted INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    ending BLOB,
    answer BLOB
);
CREATE INDEX tasks_by_batch ON tasks (batch) WHERE batch IS NOT NULL;
CREATE INDEX tasks_by_state ON tasks (state);

-- Append-only (J3).
CREATE TABLE entries (
    task INTEGER NOT NULL REFERENCES tasks (id),
    sequence INTEGER NOT NULL,
    key BLOB,
    body BLOB NOT NULL,
    PRIMARY KEY (task, sequence)
) WITHOUT ROWID;

CREATE TABLE usage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pool TEXT,
    began INTEGER,
    ended INTEGER,
    -- A node still held: counts until `ended`, when it was last seen to be held.
    held INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL
);
CREATE INDEX usage_by_end ON usage (ended);
