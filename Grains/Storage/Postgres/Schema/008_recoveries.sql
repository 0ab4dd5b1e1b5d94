-- Recoveries: a second cursor over the log of an endpoint. Ended ones stay as a record.

CREATE TABLE recoveries
(
    id           uuid PRIMARY KEY,
    organization text        NOT NULL,
    application  uuid        NOT NULL,
    endpoint     uuid        NOT NULL,
    kind         smallint    NOT NULL,
    details      text        NOT NULL,
    from_seq     bigint      NOT NULL,
    to_seq       bigint      NOT NULL,
    position     bigint      NOT NULL,
    status       smallint    NOT NULL DEFAULT 0,
    matched      bigint      NOT NULL DEFAULT 0,
    sent         bigint      NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX recoveries_by_organization ON recoveries (organization, id);
CREATE INDEX recoveries_ended ON recoveries (updated_at) WHERE status <> 0;
CREATE INDEX recoveries_running ON recoveries (endpoint, id) WHERE status = 0;

-- Stretches that were given up as a whole; they are few, and looked through for each entry that may lie in one.
CREATE INDEX dead_letters_stretches ON dead_letters (endpoint, from_seq) WHERE to_seq > from_seq;
