-- Ids are 16 bytes, big-endian, so that they sort as their texts do; times are microseconds since 1970, UTC.

-- Configuration: the source of truth. Deleted rows stay as tombstones; their uids are free.

CREATE TABLE applications
(
    id            BLOB PRIMARY KEY,
    organization  TEXT    NOT NULL,
    uid           TEXT,
    name          TEXT    NOT NULL,
    throttle_rate INTEGER,
    metadata      TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted       INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE UNIQUE INDEX applications_by_uid ON applications (organization, uid) WHERE deleted = 0 AND uid IS NOT NULL;
CREATE INDEX applications_by_organization ON applications (organization, id) WHERE deleted = 0;

CREATE TABLE endpoints
(
    id          BLOB PRIMARY KEY,
    application BLOB    NOT NULL,
    ordinal     INTEGER NOT NULL,
    uid         TEXT,
    details     TEXT    NOT NULL,
    deleted     INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX endpoints_by_ordinal ON endpoints (application, ordinal);
CREATE UNIQUE INDEX endpoints_by_uid ON endpoints (application, uid) WHERE deleted = 0 AND uid IS NOT NULL;
CREATE INDEX endpoints_by_application ON endpoints (application, id) WHERE deleted = 0;

CREATE TABLE event_types
(
    organization TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    archived     INTEGER NOT NULL,
    details      TEXT    NOT NULL,
    PRIMARY KEY (organization, name)
) WITHOUT ROWID;

-- The log: dense numbers behind the head row, which is the fence of every append.

CREATE TABLE heads
(
    application     BLOB PRIMARY KEY,
    tail            INTEGER NOT NULL DEFAULT 0,
    routing_version INTEGER NOT NULL DEFAULT 1,
    next_ordinal    INTEGER NOT NULL DEFAULT 1,
    deleted         INTEGER NOT NULL DEFAULT 0,
    owner           TEXT
) WITHOUT ROWID;
CREATE INDEX heads_by_owner ON heads (owner) WHERE owner IS NOT NULL AND deleted = 0;

-- With a rowid: rows may carry payloads of megabytes, which must not lie between the keys.
CREATE TABLE messages
(
    application  BLOB    NOT NULL,
    seq          INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    token        BLOB    NOT NULL,
    accepted_at  INTEGER NOT NULL,
    event_type   TEXT    NOT NULL,
    event_id     TEXT,
    channels     TEXT,
    ordering_key TEXT,
    content_type TEXT,
    tags         TEXT,
    deliver_at   INTEGER,
    published_at INTEGER,
    expires_at   INTEGER,
    recipients   BLOB    NOT NULL,
    payload      BLOB,
    PRIMARY KEY (application, seq)
);
CREATE INDEX messages_by_id ON messages (application, id);
CREATE INDEX messages_by_token ON messages (application, token);
CREATE INDEX messages_by_event_id ON messages (application, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX messages_by_expiry ON messages (expires_at) WHERE expires_at IS NOT NULL AND payload IS NOT NULL;

-- Messages that wait for their time; they enter the log when it comes, in the commit that deletes them here.
CREATE TABLE scheduled
(
    application  BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    due          INTEGER NOT NULL,
    token        BLOB    NOT NULL,
    published_at INTEGER NOT NULL,
    event_type   TEXT    NOT NULL,
    event_id     TEXT,
    channels     TEXT,
    ordering_key TEXT,
    content_type TEXT,
    tags         TEXT,
    expires_at   INTEGER,
    payload      BLOB,
    PRIMARY KEY (application, id)
);
CREATE INDEX scheduled_by_due ON scheduled (application, due, id);
CREATE INDEX scheduled_by_token ON scheduled (application, token);
CREATE INDEX scheduled_by_event_id ON scheduled (application, event_id) WHERE event_id IS NOT NULL;

-- Deliveries: a cursor per endpoint, rows only for what the cursor has passed and is not done.

CREATE TABLE cursors
(
    endpoint             BLOB PRIMARY KEY,
    application          BLOB    NOT NULL,
    ordinal              INTEGER NOT NULL,
    position             INTEGER NOT NULL,
    epoch                INTEGER NOT NULL DEFAULT 0,
    owner                TEXT,
    taken_at             INTEGER,
    wake_at              INTEGER,
    deleted              INTEGER NOT NULL DEFAULT 0,
    disabled             INTEGER NOT NULL DEFAULT 0,
    failing_since        INTEGER,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    backoff_step         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at      INTEGER,
    disabled_reason      TEXT
) WITHOUT ROWID;
CREATE INDEX cursors_by_application ON cursors (application);
CREATE INDEX cursors_by_owner ON cursors (owner) WHERE owner IS NOT NULL AND deleted = 0;
CREATE INDEX cursors_by_wake ON cursors (wake_at) WHERE wake_at IS NOT NULL AND deleted = 0;

CREATE TABLE parked
(
    endpoint BLOB    NOT NULL,
    seq      INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    lane     INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due      INTEGER,
    PRIMARY KEY (endpoint, seq)
) WITHOUT ROWID;
CREATE INDEX parked_by_lane ON parked (endpoint, lane, seq);

CREATE TABLE dead_letters
(
    endpoint BLOB    NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (endpoint, from_seq, to_seq)
) WITHOUT ROWID;

-- Messages that somebody asked to be sent again, until they were.
CREATE TABLE resends
(
    endpoint BLOB    NOT NULL,
    seq      INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (endpoint, seq)
) WITHOUT ROWID;

-- Attempts: appended; nothing changes later but an answer that is expunged. Their ids carry the time of start, so that time filters are ranges of ids.

CREATE TABLE attempts
(
    application     BLOB    NOT NULL,
    seq             INTEGER NOT NULL,
    id              BLOB    NOT NULL,
    endpoint        BLOB    NOT NULL,
    message         BLOB    NOT NULL,
    started_at      INTEGER NOT NULL,
    status          INTEGER NOT NULL,
    status_code     INTEGER NOT NULL,
    duration_ms     INTEGER NOT NULL,
    trigger_type    INTEGER NOT NULL,
    url             TEXT    NOT NULL,
    response        BLOB    NOT NULL,
    next_attempt_at INTEGER,
    PRIMARY KEY (application, seq, id)
);
CREATE INDEX attempts_by_endpoint ON attempts (endpoint, id);
CREATE INDEX attempts_by_endpoint_message ON attempts (endpoint, seq);
CREATE INDEX attempts_failed ON attempts (endpoint, id) WHERE status <> 0;
CREATE INDEX attempts_given_up ON attempts (endpoint, seq) WHERE status <> 0 AND next_attempt_at IS NULL;

-- First answers to calls that carried an idempotency key; a row without a status is a call that has not ended.
CREATE TABLE answers
(
    token      BLOB PRIMARY KEY,
    reserved   BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    status     INTEGER,
    body       BLOB
) WITHOUT ROWID;
CREATE INDEX answers_by_time ON answers (created_at);
