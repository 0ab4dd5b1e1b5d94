-- What was done to endpoints by hand. Rows are only added; a call that is repeated has the same id.
CREATE TABLE audit
(
    id           BLOB PRIMARY KEY,
    organization TEXT    NOT NULL,
    application  BLOB    NOT NULL,
    endpoint     BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    actor        TEXT    NOT NULL,
    actor_name   TEXT,
    action       TEXT    NOT NULL,
    note         TEXT,
    details      TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_by_application ON audit (application, id);
CREATE INDEX audit_by_endpoint ON audit (endpoint, id);
