-- Recoveries: a second cursor over the log of an endpoint. Ended ones stay as a record.

CREATE TABLE recoveries
(
    id           BLOB PRIMARY KEY,
    organization TEXT    NOT NULL,
    application  BLOB    NOT NULL,
    endpoint     BLOB    NOT NULL,
    kind         INTEGER NOT NULL,
    details      TEXT    NOT NULL,
    from_seq     INTEGER NOT NULL,
    to_seq       INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    status       INTEGER NOT NULL DEFAULT 0,
    matched      INTEGER NOT NULL DEFAULT 0,
    sent         INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX recoveries_by_organization ON recoveries (organization, id);
CREATE INDEX recoveries_ended ON recoveries (updated_at) WHERE status <> 0;
CREATE INDEX recoveries_running ON recoveries (endpoint, id) WHERE status = 0;

-- Stretches that were given up as a whole; they are few, and looked through for each entry that may lie in one.
CREATE INDEX dead_letters_stretches ON dead_letters (endpoint, from_seq) WHERE to_seq > from_seq;
