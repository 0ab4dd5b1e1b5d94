-- What was done to endpoints by hand. Rows are only added; a call that is repeated has the same id.
CREATE TABLE audit
(
    id           uuid PRIMARY KEY,
    organization text        NOT NULL,
    application  uuid        NOT NULL,
    endpoint     uuid        NOT NULL,
    at           timestamptz NOT NULL,
    actor        text        NOT NULL,
    actor_name   text,
    action       text        NOT NULL,
    note         text,
    details      text        NOT NULL
);
CREATE INDEX audit_by_application ON audit (application, id);
CREATE INDEX audit_by_endpoint ON audit (endpoint, id);
