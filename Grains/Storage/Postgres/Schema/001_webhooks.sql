-- Configuration: the source of truth. Deleted rows stay as tombstones; their uids are free.

CREATE TABLE applications
(
    id            uuid PRIMARY KEY,
    organization  text        NOT NULL,
    uid           text,
    name          text        NOT NULL,
    throttle_rate integer,
    metadata      text        NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    deleted       boolean     NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX applications_by_uid ON applications (organization, uid) WHERE NOT deleted AND uid IS NOT NULL;
CREATE INDEX applications_by_organization ON applications (organization, id) WHERE NOT deleted;

CREATE TABLE endpoints
(
    id          uuid PRIMARY KEY,
    application uuid    NOT NULL,
    ordinal     integer NOT NULL,
    uid         text,
    details     text    NOT NULL,
    deleted     boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX endpoints_by_ordinal ON endpoints (application, ordinal);
CREATE UNIQUE INDEX endpoints_by_uid ON endpoints (application, uid) WHERE NOT deleted AND uid IS NOT NULL;
CREATE INDEX endpoints_by_application ON endpoints (application, id) WHERE NOT deleted;

CREATE TABLE event_types
(
    organization text    NOT NULL,
    name         text    COLLATE "C" NOT NULL,
    archived     boolean NOT NULL,
    details      text    NOT NULL,
    PRIMARY KEY (organization, name)
);

-- The log: dense numbers behind the head row, which is the fence of every append.

CREATE TABLE heads
(
    application     uuid PRIMARY KEY,
    tail            bigint  NOT NULL DEFAULT 0,
    routing_version bigint  NOT NULL DEFAULT 1,
    next_ordinal    integer NOT NULL DEFAULT 1,
    deleted         boolean NOT NULL DEFAULT false,
    owner           text
) WITH (fillfactor = 50);
CREATE INDEX heads_by_owner ON heads (owner) WHERE owner IS NOT NULL AND NOT deleted;

CREATE TABLE messages
(
    application  uuid        NOT NULL,
    seq          bigint      NOT NULL,
    id           uuid        NOT NULL,
    token        uuid        NOT NULL,
    accepted_at  timestamptz NOT NULL,
    event_type   text        NOT NULL,
    event_id     text,
    event_key    uuid,
    channels     text,
    ordering_key text,
    content_type text,
    tags         text,
    deliver_at   timestamptz,
    published_at timestamptz,
    expires_at   timestamptz,
    recipients   integer[]   NOT NULL,
    payload      bytea,
    PRIMARY KEY (application, seq)
);
CREATE INDEX messages_by_id ON messages (application, id);
-- Keys of one column on purpose: beside an index that begins with the application, the planner of a fresh table takes
-- the primary key instead and filters the whole log, and a prepared statement keeps that plan.
CREATE INDEX messages_by_token ON messages (token);
CREATE INDEX messages_by_event_key ON messages (event_key) WHERE event_key IS NOT NULL;
CREATE INDEX messages_by_expiry ON messages (expires_at) WHERE expires_at IS NOT NULL AND payload IS NOT NULL;

-- Messages that wait for their time; they enter the log when it comes, in the statement that deletes them here.
CREATE TABLE scheduled
(
    application  uuid        NOT NULL,
    id           uuid        NOT NULL,
    due          timestamptz NOT NULL,
    token        uuid        NOT NULL,
    published_at timestamptz NOT NULL,
    event_type   text        NOT NULL,
    event_id     text,
    event_key    uuid,
    channels     text,
    ordering_key text,
    content_type text,
    tags         text,
    expires_at   timestamptz,
    payload      bytea,
    PRIMARY KEY (application, id)
);
CREATE INDEX scheduled_by_due ON scheduled (application, due, id);
CREATE INDEX scheduled_by_token ON scheduled (token);
CREATE INDEX scheduled_by_event_key ON scheduled (event_key) WHERE event_key IS NOT NULL;

-- Deliveries: a cursor per endpoint, rows only for what the cursor has passed and is not done.

CREATE TABLE cursors
(
    endpoint             uuid PRIMARY KEY,
    application          uuid    NOT NULL,
    ordinal              integer NOT NULL,
    position             bigint  NOT NULL,
    epoch                bigint  NOT NULL DEFAULT 0,
    owner                text,
    taken_at             timestamptz,
    wake_at              timestamptz,
    deleted              boolean NOT NULL DEFAULT false,
    disabled             boolean NOT NULL DEFAULT false,
    failing_since        timestamptz,
    consecutive_failures integer NOT NULL DEFAULT 0,
    backoff_step         integer NOT NULL DEFAULT 0,
    next_attempt_at      timestamptz,
    disabled_reason      text
) WITH (fillfactor = 50);
CREATE INDEX cursors_by_application ON cursors (application);
CREATE INDEX cursors_by_owner ON cursors (owner) WHERE owner IS NOT NULL AND NOT deleted;
CREATE INDEX cursors_by_wake ON cursors (wake_at) WHERE wake_at IS NOT NULL AND NOT deleted;

CREATE TABLE parked
(
    endpoint uuid     NOT NULL,
    seq      bigint   NOT NULL,
    kind     smallint NOT NULL,
    lane     bigint   NOT NULL,
    attempts integer  NOT NULL,
    due      timestamptz,
    PRIMARY KEY (endpoint, seq)
);
CREATE INDEX parked_by_lane ON parked (endpoint, lane, seq);

CREATE TABLE dead_letters
(
    endpoint uuid        NOT NULL,
    from_seq bigint      NOT NULL,
    to_seq   bigint      NOT NULL,
    reason   text        NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (endpoint, from_seq, to_seq)
);

-- Messages that somebody asked to be sent again, until they were.
CREATE TABLE resends
(
    endpoint uuid        NOT NULL,
    seq      bigint      NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (endpoint, seq)
);

-- Attempts: appended; nothing changes later but an answer that is expunged. Their ids carry the time of start, so that time filters are ranges of ids.

CREATE TABLE attempts
(
    application     uuid        NOT NULL,
    seq             bigint      NOT NULL,
    id              uuid        NOT NULL,
    endpoint        uuid        NOT NULL,
    message         uuid        NOT NULL,
    started_at      timestamptz NOT NULL,
    status          smallint    NOT NULL,
    status_code     integer     NOT NULL,
    duration_ms     integer     NOT NULL,
    trigger_type    smallint    NOT NULL,
    url             text        NOT NULL,
    response        bytea       NOT NULL,
    next_attempt_at timestamptz,
    PRIMARY KEY (application, seq, id)
);
CREATE INDEX attempts_by_endpoint ON attempts (endpoint, id);
CREATE INDEX attempts_by_endpoint_message ON attempts (endpoint, seq);
CREATE INDEX attempts_failed ON attempts (endpoint, id) WHERE status <> 0;
CREATE INDEX attempts_given_up ON attempts (endpoint, seq) WHERE status <> 0 AND next_attempt_at IS NULL;

-- First answers to calls that carried an idempotency key; a row without a status is a call that has not ended.
CREATE TABLE answers
(
    token      uuid PRIMARY KEY,
    reserved   uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    status     integer,
    body       bytea
);
CREATE INDEX answers_by_time ON answers (created_at);
