-- As SQLite's schema-2, in PostgreSQL's words. Bodies are msgpack; times are ns since 1970.

-- Who may decide (P2): one row, raised by who takes over. Each commit of the engine that holds the
-- epoch counts `written` up, so that after a lost connection it knows whether its last one got through.
CREATE TABLE authority (epoch BIGINT NOT NULL, written BIGINT NOT NULL);
INSERT INTO authority VALUES (0, 0);

CREATE TABLE batches (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    label TEXT NOT NULL,
    digest BYTEA NOT NULL,
    accepted BIGINT NOT NULL
);
CREATE INDEX batches_by_digest ON batches (digest);

CREATE TABLE tasks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pool TEXT NOT NULL,
    batch BIGINT REFERENCES batches (id),
    state TEXT NOT NULL,
    spec BYTEA NOT NULL,
    accepted BIGINT NOT NULL,
    started BIGINT,
    ended BIGINT,
    ending BYTEA,
    answer BYTEA,
    -- How many it made; counted when it ends.
    calls BIGINT
);
CREATE INDEX tasks_by_batch ON tasks (batch) WHERE batch IS NOT NULL;
CREATE INDEX tasks_by_state ON tasks (state);

-- Append-only (J3).
CREATE TABLE entries (
    task BIGINT NOT NULL REFERENCES tasks (id),
    sequence BIGINT NOT NULL,
    key BYTEA,
    body BYTEA NOT NULL,
    PRIMARY KEY (task, sequence)
);

CREATE TABLE usage (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pool TEXT,
    began BIGINT,
    ended BIGINT,
    -- A node still held: counts until `ended`, when it was last seen to be held.
    held BOOLEAN NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX usage_by_end ON usage (ended);
CREATE INDEX usage_held ON usage (pool) WHERE held;
