-- Payloads lie in a table of their own, a partition a day, so that a day of them goes at once. The old column is renamed
-- on purpose: a process of the version before, which would take a payload that lies elsewhere for one that was removed and
-- give its message up, gets errors instead and waits.

SET LOCAL lock_timeout = '2s';

ALTER TABLE messages RENAME COLUMN payload TO old_payload;

CREATE TABLE payloads
(
    day         date   NOT NULL,
    application uuid   NOT NULL,
    seq         bigint NOT NULL,
    payload     bytea  NOT NULL,
    expires_at  timestamptz,
    PRIMARY KEY (application, seq, day)
) PARTITION BY RANGE (day);
CREATE INDEX payloads_by_expiry ON payloads (expires_at) WHERE expires_at IS NOT NULL;

-- What no day holds: an insert never fails for want of a partition.
CREATE TABLE payloads_default PARTITION OF payloads DEFAULT;

CREATE INDEX dead_letters_by_time ON dead_letters (at);

-- When a tombstone was first seen by retention.
ALTER TABLE applications ADD COLUMN buried_at timestamptz;
ALTER TABLE endpoints ADD COLUMN buried_at timestamptz;
CREATE INDEX applications_deleted ON applications (buried_at) WHERE deleted;
CREATE INDEX endpoints_deleted ON endpoints (buried_at) WHERE deleted;
