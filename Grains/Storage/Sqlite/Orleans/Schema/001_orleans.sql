-- What Orleans' ADO.NET providers need on one machine: grain state and reminders, and the queries they look up by key.

PRAGMA journal_mode = WAL;

CREATE TABLE OrleansQuery
(
    QueryKey  TEXT PRIMARY KEY,
    QueryText TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE orleans_state
(
    service_id TEXT    NOT NULL,
    state_name TEXT    NOT NULL,
    key_n0     INTEGER NOT NULL,
    key_n1     INTEGER NOT NULL,
    key_text   TEXT    NOT NULL DEFAULT '',
    payload    BLOB,
    version    INTEGER NOT NULL,
    PRIMARY KEY (service_id, state_name, key_n0, key_n1, key_text)
);

CREATE TABLE orleans_reminders
(
    service_id    TEXT    NOT NULL,
    grain_id      TEXT    NOT NULL,
    reminder_name TEXT    NOT NULL,
    grain_hash    INTEGER NOT NULL,
    start_time    TEXT    NOT NULL,
    period        INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
) WITHOUT ROWID;

CREATE INDEX orleans_reminders_by_hash ON orleans_reminders (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', '
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans_state
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1
      AND key_text = coalesce(@GrainIdExtensionString, '''')
'),
('WriteToStorageKey', '
    INSERT INTO orleans_state (service_id, state_name, key_n0, key_n1, key_text, payload, version)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), @PayloadBinary, 1
    WHERE @GrainStateVersion IS NULL
       OR EXISTS (
           SELECT 1 FROM orleans_state
           WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1
             AND key_text = coalesce(@GrainIdExtensionString, ''''))
    ON CONFLICT (service_id, state_name, key_n0, key_n1, key_text) DO UPDATE
    SET payload = excluded.payload, version = orleans_state.version + 1
    WHERE orleans_state.version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
'),
('ClearStorageKey', '
    UPDATE orleans_state
    SET payload = NULL, version = version + 1
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1
      AND key_text = coalesce(@GrainIdExtensionString, '''') AND version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
'),
('DeleteStorageKey', '
    DELETE FROM orleans_state
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1
      AND key_text = coalesce(@GrainIdExtensionString, '''') AND version = @GrainStateVersion
    RETURNING version + 1 AS NewGrainStateVersion
'),
('UpsertReminderRowKey', '
    INSERT INTO orleans_reminders (service_id, grain_id, reminder_name, grain_hash, start_time, period, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 1)
    ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
    SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash,
        version = orleans_reminders.version + 1
    RETURNING version AS Version
'),
('ReadReminderRowKey', '
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
'),
('ReadReminderRowsKey', '
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId
'),
('ReadRangeRows1Key', '
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
'),
('ReadRangeRows2Key', '
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
'),
('DeleteReminderRowKey', '
    DELETE FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version;
    SELECT changes() > 0 AS gone
'),
('DeleteReminderRowsKey', '
    DELETE FROM orleans_reminders WHERE service_id = @ServiceId
');
