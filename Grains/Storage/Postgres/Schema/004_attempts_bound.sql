-- The table of attempts is to become the partition of everything up to a day after the migration. What makes it one
-- without a scan under an exclusive lock is a constraint that says so: added here unproved, proved in the next script
-- beside the processes that write.

SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE attempts ADD CONSTRAINT attempts_before_bound CHECK (id < %L) NOT VALID',
        regexp_replace(lpad(to_hex((extract(epoch FROM (now() AT TIME ZONE 'UTC')::date + 2) * 1000)::bigint), 12, '0'), '(.{8})(.{4})', '\1-\2-0000-0000-000000000000'));
END $$;
