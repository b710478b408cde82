-- When each version of the catalogue came about: the national queries ask for what has changed since an instant (updt_time).
-- The clock is read while the writer holds the version's row, so a later version never has an earlier time.
CREATE TABLE catalog_version_time (
    version    bigint      PRIMARY KEY,
    changed_at timestamptz NOT NULL
);

CREATE FUNCTION catalog_note_version_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_version_time (version, changed_at) VALUES (NEW.version, clock_timestamp());
    RETURN NULL;
END;
$$;

CREATE TRIGGER catalog_version_time AFTER UPDATE ON catalog_version
    FOR EACH ROW EXECUTE FUNCTION catalog_note_version_time();

CREATE TRIGGER catalog_version_time_append_only BEFORE UPDATE OR DELETE ON catalog_version_time
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON catalog_version_time FROM PUBLIC;
