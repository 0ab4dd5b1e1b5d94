-- Attempts by day: their ids carry the time of start and are part of the key. Indexes of the old table become those of
-- its partition, nothing is copied or read.

SET LOCAL lock_timeout = '2s';

ALTER TABLE attempts RENAME TO attempts_before;
ALTER INDEX attempts_pkey RENAME TO attempts_before_pkey;
ALTER INDEX attempts_by_endpoint RENAME TO attempts_before_by_endpoint;
ALTER INDEX attempts_by_endpoint_message RENAME TO attempts_before_by_endpoint_message;
ALTER INDEX attempts_failed RENAME TO attempts_before_failed;
ALTER INDEX attempts_given_up RENAME TO attempts_before_given_up;

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
) PARTITION BY RANGE (id);
CREATE INDEX attempts_by_endpoint ON attempts (endpoint, id);
CREATE INDEX attempts_by_endpoint_message ON attempts (endpoint, seq);
CREATE INDEX attempts_failed ON attempts (endpoint, id) WHERE status <> 0;
CREATE INDEX attempts_given_up ON attempts (endpoint, seq) WHERE status <> 0 AND next_attempt_at IS NULL;

DO $$
DECLARE
    bound text;
BEGIN
    IF EXISTS (SELECT FROM attempts_before) THEN
        SELECT substring(pg_get_constraintdef(oid) FROM '[0-9a-f]{8}-[0-9a-f-]{27}') INTO bound
        FROM pg_constraint WHERE conrelid = 'attempts_before'::regclass AND conname = 'attempts_before_bound';
        EXECUTE format('ALTER TABLE attempts ATTACH PARTITION attempts_before FOR VALUES FROM (MINVALUE) TO (%L)', bound);
        ALTER TABLE attempts_before DROP CONSTRAINT attempts_before_bound;
    ELSE
        DROP TABLE attempts_before;
    END IF;
END $$;

CREATE TABLE attempts_default PARTITION OF attempts DEFAULT;
