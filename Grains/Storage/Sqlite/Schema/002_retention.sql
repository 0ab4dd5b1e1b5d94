-- What retention removes by its time.
CREATE INDEX dead_letters_by_time ON dead_letters (at);

-- When a tombstone was first seen by retention.
ALTER TABLE applications ADD COLUMN buried_at INTEGER;
ALTER TABLE endpoints ADD COLUMN buried_at INTEGER;
CREATE INDEX applications_deleted ON applications (buried_at) WHERE deleted = 1;
CREATE INDEX endpoints_deleted ON endpoints (buried_at) WHERE deleted = 1;
